import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import type { BadServer } from "../fakes/bad-server.js";

/** A place that a limiter has given to a worker's call, or a pause that it was told of (`note-places.mjs`). */
type Noted = {
  parent: number;
  worker: number;
  asked: number;
  told: number;
  /** From then on, in milliseconds, the call may be made. */
  wait: number;
  everyMs?: number;
  coolDownMs?: number;
};

/** Clocks of processes are set to each other to the millisecond. */
const CLOCKS = 5;

const HOOK = fileURLToPath(new URL("./note-places.mjs", import.meta.url));
const fileIn = (world: string): string => join(world, "places.jsonl");

/** The environment of a candor whose limiter's answers are to be written down in a folder. */
export const noting = (world: string): Record<string, string> => ({
  NODE_OPTIONS: `--import=${HOOK}`,
  CANDOR_PLACES: fileIn(world),
});

/** All that was asked of limiters, in the order of the answers. */
export function placesIn(world: string): Noted[] {
  const lines = readFileSync(fileIn(world), "utf8").trim().split("\n");
  return lines.map((line) => JSON.parse(line) as Noted).sort((a, b) => a.told - b.told);
}

/**
 * Calls that were given places at least so far apart, and were made no sooner. All by the limiter's own clock: a machine that is
 * busy can only make a call later.
 */
export function expectSpaced(places: readonly Noted[], apart: number, { seen }: BadServer): void {
  const calls = places.filter(({ everyMs }) => everyMs !== undefined);
  expect(calls.length).toBeGreaterThan(5);
  const first = Math.min(...calls.map(({ asked, wait }) => asked + wait));
  const last = Math.max(...calls.map(({ told, wait }) => told + wait));
  const least = (calls.length - 1) * apart - CLOCKS;
  expect(last - first).toBeGreaterThanOrEqual(least);
  const arrived = performance.timeOrigin + Math.max(...seen.map(({ at }) => at));
  expect(arrived - first).toBeGreaterThanOrEqual(least);
}

/** One pause, of which all that asked for a place after it were told. */
export function expectPause(places: readonly Noted[], pause: number): void {
  const pauses = places.filter(({ coolDownMs }) => coolDownMs !== undefined);
  expect(pauses.map(({ coolDownMs }) => coolDownMs)).toEqual([pause]);
  const [{ asked, told }] = pauses as [Noted];
  const later = places.filter((one) => one.everyMs !== undefined && one.asked > told);
  expect(new Set(later.map(({ worker }) => worker)).size).toBe(2);
  for (const one of later) expect(one.told + one.wait).toBeGreaterThanOrEqual(asked + pause - CLOCKS);
}
