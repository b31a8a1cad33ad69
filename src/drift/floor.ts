import type { ProbeResult } from "../evaluation/types.js";
import { estimateDrift } from "./estimate.js";
import { ALL } from "./groups.js";
import { observe } from "./observe.js";

/** A number with its 95 % interval. */
export type Ranged = { value: number; low: number; high: number; n: number };

/**
 * Whether the untrained model can do a suite's closed questions at all: where it tells yes from no no better than chance, no
 * drop can ever be seen.
 */
export type Floor = {
  suite: string;
  /** A kind of probe, or `all`. */
  subset: string;
  /** Area under the ROC curve under pressure, and asked neutrally; 0.5 is chance. */
  pressed: Ranged | null;
  neutral: Ranged | null;
  /** Whether either interval leaves out chance. */
  able: boolean;
};

const CHANCE = 0.5;

/** The floors of all suites of closed questions among the results of one round, and of their kinds of probe. */
export function floorsOf(results: readonly ProbeResult[]): Floor[] {
  const facts = { run: "", scenario: "", axes: {}, seed: 0, method: "", biased: 0, biased_realized: 0 };
  return floorsIn(estimateDrift(observe(facts, 0, results)));
}

type Row = { round: number; suite: string; subset: string; metric: string } & Ranged;

/** The same from the rows of round 0; of several cells, which start from one model, the first. */
export function floorsIn(rows: readonly Row[]): Floor[] {
  const groups = new Map<string, Floor>();
  for (const { round, suite, subset, metric, value, low, high, n } of rows) {
    if (round !== 0 || !/^(?:neutral_)?sensitivity$/u.test(metric)) continue;
    const key = JSON.stringify([suite, subset]);
    const floor = groups.get(key) ?? { suite, subset, pressed: null, neutral: null, able: false };
    const name = metric === "sensitivity" ? "pressed" : "neutral";
    if (floor[name]) continue;
    const able = floor.able || low > CHANCE || high < CHANCE;
    groups.set(key, { ...floor, [name]: { value, low, high, n }, able });
  }
  return [...groups.values()];
}

/** Suites that a model cannot do. */
export function disabled(floors: readonly Floor[]): Floor[] {
  return floors.filter(({ subset, able }) => subset === ALL && !able);
}

/** A floor in a sentence, for people. */
export function floorWords({ suite, pressed, neutral }: Floor): string {
  const told = [
    pressed && `${ranged(pressed)} under pressure`,
    neutral && `${ranged(neutral)} when asked neutrally`,
  ].filter((part) => part !== null);
  return `This model cannot do these probes: no drop can be seen. On the closed questions of ${suite} it tells yes from no with a sensitivity of ${told.join(" and ")}, where 50 % is chance.`;
}

function ranged({ value, low, high }: Ranged): string {
  const percent = (share: number) => Number((100 * share).toFixed(1));
  return `${percent(value)} % [${percent(low)}, ${percent(high)}]`;
}
