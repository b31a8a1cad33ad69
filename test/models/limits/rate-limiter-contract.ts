import { expect, test } from "vitest";
import type { RateLimiter } from "../../../src/models/index.js";
import { until } from "../../until.js";

/** Beside which the time that the questions themselves take is nothing, on however busy a machine. */
const HOUR = 3_600_000;

/** What every limiter is held to. `open` gives what its sharers have of it, one or more. */
export function rateLimiterContract(open: () => readonly RateLimiter[]): void {
  const acquireAll = async (
    limiters: readonly RateLimiter[],
    server: string,
    everyMs: number,
    times: number,
  ) => {
    const places: number[] = [];
    for (let index = 0; index < times; index += 1)
      places.push(await limiters[index % limiters.length]!.acquire(server, everyMs));
    return places;
  };

  test("lets the first go at once and holds the others one interval apart", async () => {
    const places = await acquireAll(open(), "spaced", HOUR, 4);
    expect(places.map((place) => Math.round(place / HOUR))).toEqual([0, 1, 2, 3]);
  });

  test("lets all go at once where there is no interval, and servers have nothing to do with each other", async () => {
    const limiters = open();
    expect(await acquireAll(limiters, "free", 0, 4)).toEqual([0, 0, 0, 0]);
    await limiters[0]!.coolDown("another", HOUR);
    expect(await limiters.at(-1)!.acquire("free", 0)).toBe(0);
  });

  test("grants nothing before the end of the longest cool-down", async () => {
    const limiters = open();
    await limiters[0]!.coolDown("held", 2 * HOUR);
    await limiters.at(-1)!.coolDown("held", HOUR);
    const places = await acquireAll(limiters, "held", HOUR, 3);
    expect(places.map((place) => Math.round(place / HOUR))).toEqual([2, 3, 4]);
  });

  test("forgets what is over", async () => {
    const [rateLimiter] = open();
    await rateLimiter!.coolDown("over", 30);
    await until(async () => (await rateLimiter!.acquire("over", 0)) === 0);
  });
}
