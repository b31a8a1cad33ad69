import { expect, test } from "vitest";
import { createUsageLog, type UsageByRole } from "../../../src/models/limits/usage-log.js";

const reply = { text: "fine", usage: { input_tokens: 3, output_tokens: 2 }, finish: "stop" };
const counts = { calls: 1, cached_calls: 0, input_tokens: 3, output_tokens: 2, estimated_calls: 0 };

test.each(["constructor", "toString", "hasOwnProperty"])("a model may be called %s", (name) => {
  const log = createUsageLog();
  log.answered("user", name, reply, 10);
  expect(log.usage()).toEqual({ user: { [name]: counts } });
});

test("what could not be written is told, and written once that is possible", async () => {
  const log = createUsageLog();
  let full = true;
  let kept: UsageByRole | undefined;
  await log.keepIn({
    read: async () => undefined,
    write: async (usage) => {
      if (full) throw new Error("the disk is full");
      kept = structuredClone(usage);
    },
  });
  log.answered("user", "any", reply, 10);
  await expect(log.flush()).rejects.toThrow("the disk is full");
  full = false;
  await log.flush();
  expect(kept).toEqual({ user: { any: counts } });
});
