import { describe, expect, it } from "vitest";
import { readAnswer } from "../../src/models/openai/answer.js";
import { type LogSettings, readLogs } from "../../src/preference/index.js";
import { fuzz } from "../fuzz/fuzz.js";
import { runFolder } from "../fuzz/run-folder.js";
import { targets } from "../fuzz/targets.js";

// The same files each time; npm run soak draws a million others.

const told = (findings: readonly { name: string; why: string; bytes: Buffer }[]): string[] =>
  findings.map(
    ({ name, why, bytes }) => `${name}: ${why.slice(0, 300)}\n${bytes.toString("latin1").slice(0, 200)}`,
  );

// What drawn files found once.
it.each([
  ['{"error": {"message": "Rate limit exceeded", "code": {"toString": 1}, "type": "x"}}', 429],
  ['{"detail": [{"loc": ["body", {"toString": 1}], "msg": "field required", "type": "missing"}]}', 500],
])("reads the answer %s", (text, status) => {
  expect(readAnswer({ status: 200, text }).status).toBe(status);
});

it.each(["role", "user", "topic", "mark", "time"])(
  "reads feedback whose %s cannot be made into text, or refuses it by name",
  (column) => {
    const odd = { toString: 1 };
    const row: Record<string, unknown> = { user: "ann", topic: "t", time: "2026-03-02T08:00:00Z", rating: 3 };
    const talk = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
    ];
    const messages = column === "role" ? [{ role: odd, content: "a" }, ...talk] : talk;
    const changed = { ...row, messages, [column === "mark" ? "rating" : column]: odd };
    const settings: LogSettings = { kind: "logs", data: "x", scale: [1, 5], strip: false };
    const records = [{ ...row, messages: talk }, changed].map((value, at) => ({
      place: { file: "x", line: at + 1 },
      value,
    }));
    const read = () => readLogs([{ name: "x", records }], settings).reading.rows;
    // A time that cannot be read would give another order than the true one.
    if (column === "time") expect(read).toThrow(/^x:2: a time that is none; .*; found \{"toString":1\}/u);
    else expect(read()).toBe(2);
  },
);

describe("damaged files are used or refused by name", () => {
  it.each(targets())("$name", async (target) => {
    const { outcome, findings } = await fuzz(target, { inputs: 40, seed: "npm test" });
    expect(told(findings)).toEqual([]);
    // Neither is everything refused, which any fault would do, nor nothing.
    if (target.name !== "replies of models") expect(outcome.refused).toBeGreaterThan(0);
    expect(outcome.taken + outcome.refused).toBe(40);
  });

  it("a run's folder gives its numbers or none", async () => {
    const { outcome, findings } = await fuzz(await runFolder(false), { inputs: 15, seed: "npm test" });
    expect(told(findings)).toEqual([]);
    expect(outcome.refused).toBeGreaterThan(3);
  });
});
