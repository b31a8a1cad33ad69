import { describe, expect, test } from "vitest";
import { adaptiveConcurrency, type Permit } from "../../../src/models/limits/adaptive-concurrency.js";
import { readFailure, retryAfter } from "../../../src/models/limits/failure.js";

/** Bounds with a crowd before them, and what the crowd does each round trip. */
function crowd(max: number, min = max) {
  let clock = 0;
  const concurrency = adaptiveConcurrency({ min, start: 16, max }, () => clock);
  const inside: Permit[] = [];
  const join = (count: number) => {
    for (let index = 0; index < count; index += 1)
      void concurrency.enter().then((permit) => inside.push(permit));
  };
  join(20_000);
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    concurrency,
    /** All calls inside come back after a while; a server with so many places answers those and refuses the rest. */
    trip: async (places: number, ms = 50): Promise<{ answered: number; refused: number }> => {
      await settle();
      clock += ms;
      const permits = inside.splice(0);
      for (const [index, permit] of permits.entries()) {
        if (index < places) permit.answered();
        else permit.refused(0);
      }
      return { answered: Math.min(places, permits.length), refused: Math.max(0, permits.length - places) };
    },
    /** The same with a server that keeps the rest in a queue. */
    queued: async (places: number, ms = 50): Promise<void> => {
      await settle();
      clock += (ms * Math.max(places, inside.length)) / places;
      for (const permit of inside.splice(0)) permit.answered();
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
  const { trip, concurrency } = crowd(20);
  for (let count = 0; count < 10; count += 1) await trip(1_000);
  expect(concurrency.limit).toBe(20);
});

describe("above the least", () => {
  test("a server with a queue gets so many that a fifth of them waits there", async () => {
    const { queued, concurrency } = crowd(1_000, 64);
    for (let count = 0; count < 100; count += 1) await queued(64);
    expect(concurrency.limit).toBeGreaterThanOrEqual(80);
    expect(concurrency.limit).toBeLessThan(84);
  });

  test("nothing is added where the least wait already", async () => {
    const { queued, concurrency } = crowd(1_000, 64);
    for (let count = 0; count < 100; count += 1) await queued(32);
    expect(concurrency.limit).toBe(64);
  });

  test("a server that becomes slower gets fewer, but the least", async () => {
    const { queued, concurrency } = crowd(1_000, 64);
    for (let count = 0; count < 100; count += 1) await queued(64);
    const before = concurrency.limit;
    await queued(64, 90);
    await queued(64, 90);
    expect(concurrency.limit).toBeLessThan(before);
    expect(concurrency.limit).toBeGreaterThan(before - 4);
    for (let count = 0; count < 100; count += 1) await queued(64, 90);
    expect(concurrency.limit).toBe(64);
  });

  test("a server that is as quick with all gets the most, and no more", async () => {
    const { trip, concurrency } = crowd(128, 64);
    for (let count = 0; count < 100; count += 1) await trip(1_000);
    expect(concurrency.limit).toBe(128);
  });

  test("the first refusal says that one was too many", async () => {
    const { trip, concurrency } = crowd(128, 64);
    let refused = 0;
    while (refused === 0) refused = (await trip(64)).refused;
    expect(refused).toBe(1);
    expect(concurrency.limit).toBeGreaterThanOrEqual(64);
  });
});

test("a burst of refusals counts once, and one call always goes", async () => {
  const { trip, concurrency } = crowd(64);
  for (let count = 0; count < 6; count += 1) await trip(1_000);
  expect(concurrency.limit).toBe(64);
  await trip(0);
  expect(concurrency.limit).toBe(32);
  for (let count = 0; count < 100; count += 1) await trip(0);
  expect(concurrency.limit).toBe(1);
});

test("whoever gives up waiting leaves the queue", async () => {
  const concurrency = adaptiveConcurrency({ min: 1, start: 1, max: 1 });
  const first = await concurrency.enter();
  const controller = new AbortController();
  const second = concurrency.enter(controller.signal);
  const third = concurrency.enter();
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
])("%s", (_what, error, retryable) => {
  expect(readFailure(error).retryable).toBe(retryable);
});
