import { expect, it } from "vitest";
import { loaded } from "../../src/sweep/queue/open.js";

const missing = (name: string) =>
  Promise.reject(new Error(`Cannot find package '${name}' imported from executor.js`));

it("says what to install where a client of Redis is absent, and leaves other failures as they are", async () => {
  for (const name of ["bullmq", "ioredis"])
    await expect(loaded(() => missing(name))).rejects.toThrow(/^--queue: BullMQ.* npm install bullmq@6$/u);
  await expect(loaded(() => missing("other"))).rejects.toThrow("Cannot find package 'other'");
  await expect(loaded(() => Promise.resolve(1))).resolves.toBe(1);
});
