import { expect, test } from "vitest";
import { readFailure, retryAfter } from "../../../src/chat/traffic/failure.js";
import { createGate, type Pass } from "../../../src/chat/traffic/gate.js";

/** A gate with a crowd before it, and what the crowd does each round trip. */
function crowd(most: number) {
  let clock = 0;
  const gate = createGate(most, () => clock);
  const inside: Pass[] = [];
  const join = (count: number) => {
    for (let index = 0; index < count; index += 1) void gate.enter().then((pass) => inside.push(pass));
  };
  join(5_000);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    gate,
    /** All calls inside come back; a server with so many places answers those and refuses the rest. */
    trip: async (places: number): Promise<{ answered: number; refused: number }> => {
      await settle();
      clock += 50;
      const passes = inside.splice(0);
      for (const [index, pass] of passes.entries()) {
        if (index < places) pass.answered();
        else pass.refused(0);
      }
      return { answered: Math.min(places, passes.length), refused: Math.max(0, passes.length - places) };
    },
  };
}

test("calls grow to what the server takes and stay near it", async () => {
  const { trip } = crowd(1_000);
  const trips = [];
  for (let count = 0; count < 60; count += 1) trips.push(await trip(64));
  const late = trips.slice(10);
  const answered = late.reduce((sum, trip) => sum + trip.answered, 0);
  const refused = late.reduce((sum, trip) => sum + trip.refused, 0);
  expect(answered).toBeGreaterThan(0.9 * 64 * late.length);
  expect(refused).toBeLessThan(0.02 * answered);
});

test("what a server of 64 places can do is found out within two round trips", async () => {
  const { trip } = crowd(64);
  expect(await trip(64)).toStrictEqual({ answered: 16, refused: 0 });
  expect(await trip(64)).toStrictEqual({ answered: 32, refused: 0 });
  for (let count = 0; count < 10; count += 1)
    expect(await trip(64)).toStrictEqual({ answered: 64, refused: 0 });
});

test("they never pass the limit that is set", async () => {
  const { trip, gate } = crowd(20);
  for (let count = 0; count < 10; count += 1) await trip(1_000);
  expect(gate.limit).toBe(20);
});

test("a burst of refusals counts once, and one call always goes", async () => {
  const { trip, gate } = crowd(64);
  for (let count = 0; count < 6; count += 1) await trip(1_000);
  expect(gate.limit).toBe(64);
  await trip(0);
  expect(gate.limit).toBe(32);
  for (let count = 0; count < 100; count += 1) await trip(0);
  expect(gate.limit).toBe(1);
});

test("whoever gives up waiting leaves the queue", async () => {
  const gate = createGate(1);
  const first = await gate.enter();
  const controller = new AbortController();
  const second = gate.enter(controller.signal);
  const third = gate.enter();
  controller.abort(new Error("enough"));
  await expect(second).rejects.toThrow("enough");
  first.answered();
  (await third).answered();
});

test.each([
  [{ "retry-after": "1.5" }, 1_500],
  [{ "retry-after-ms": "20", "retry-after": "9" }, 20],
  [new Headers({ "retry-after": "Thu, 01 Jan 1970 00:00:10 GMT" }), 7_000],
  [{ "retry-after": "soon" }, null],
  [{}, null],
  [undefined, null],
])("Retry-After of %j is %s ms", (headers, ms) => {
  expect(retryAfter(headers, () => 3_000)).toBe(ms);
});

test.each([
  ["a mistake of the program", new TypeError("x is not a function"), false],
  ["a file that is missing", Object.assign(new Error("ENOENT"), { code: "ENOENT" }), false],
  [
    "a host that does not exist",
    new Error("Connection error.", { cause: Object.assign(new Error(), { code: "ENOTFOUND" }) }),
    false,
  ],
  [
    "a certificate",
    new Error("Connection error.", {
      cause: Object.assign(new Error(), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
    }),
    false,
  ],
  [
    "a server that is starting",
    new Error("Connection error.", { cause: Object.assign(new Error(), { code: "ECONNREFUSED" }) }),
    true,
  ],
  ["something that is no error", "why", false],
])("%s", (_what, error, again) => {
  expect(readFailure(error).again).toBe(again);
});
