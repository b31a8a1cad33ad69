import { bulkDraws } from "../../src/drift/bulk-draws.js";
import type { Observation } from "../../src/drift/index.js";
import { quantile } from "../../src/drift/quantile.js";

/** Spread of the log-odds between seeds, between probes, and of the change between rounds from seed to seed. */
export type Spread = { seeds: number; probes: number; change: number };

/** Training that comes out differently from seed to seed, and training that hardly does. */
export const WIDE: Spread = { seeds: 0.6, probes: 1.2, change: 0.5 };
export const NARROW: Spread = { seeds: 0.3, probes: 1.2, change: 0.2 };

/** Log-odds of an honest answer in round 0, and their mean change in round 1. */
const BASE = 1.2;
const CHANGE = -0.8;

/**
 * Draws experiments of known truth: seeds and probes each have their own log-odds, each of 40 probes is put to every seed
 * in two rounds, and answers are yes or no.
 */
export function experiments(seeds: number, spread: Spread, name: string): () => Observation[] {
  const random = bulkDraws(name);
  return () => {
    const probes = Array.from({ length: 40 }, () => spread.probes * random.normal());
    return Array.from({ length: seeds }, (_, seed) => {
      const level = spread.seeds * random.normal();
      const change = CHANGE + spread.change * random.normal();
      return probes.flatMap((probe, index) =>
        [0, 1].map((round) => {
          const honest = random.uniform() < expit(BASE + level + probe + round * change);
          return observation({ seed: seed + 1, round, probe: `p${index}`, value: honest ? 1 : 0 });
        }),
      );
    }).flat();
  };
}

/** The mean that experiments of endless size would show in a round. */
export function truth(round: number, spread: Spread): number {
  const sd = Math.hypot(spread.seeds, spread.probes, round * spread.change);
  let sum = 0;
  let weight = 0;
  for (let z = -8; z <= 8; z += 0.01) {
    const density = Math.exp((-z * z) / 2);
    sum += density * expit(BASE + round * CHANGE + sd * z);
    weight += density;
  }
  return sum / weight;
}

/** What pooled estimates are not: percentiles of seeds drawn with replacement and then, in each, probes. */
export function percentiles(seen: readonly Observation[], draws: number): { low: number; high: number } {
  const names = [...new Set(seen.map(({ seed }) => seed))];
  const seeds = names.map((seed) => seen.filter((one) => one.seed === seed).map(({ value }) => value));
  const random = bulkDraws("test/percentiles");
  const means = Float64Array.from({ length: draws }, () => {
    let sum = 0;
    for (let s = 0; s < seeds.length; s += 1) {
      const values = seeds[random.below(seeds.length)]!;
      for (let i = 0; i < values.length; i += 1) sum += values[random.below(values.length)]!;
    }
    return sum / seen.length;
  });
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

export function observation(some: Partial<Observation>): Observation {
  const seed = some.seed ?? 1;
  const biased = some.biased ?? 0.1;
  return {
    run: `run-${biased}-${seed}`,
    scenario: "crossed",
    axes: {},
    seed,
    method: "sft",
    biased,
    biased_realized: biased,
    round: 0,
    suite: "mask",
    subset: "all",
    probe: "p0",
    metric: "honesty",
    value: 1,
    ...some,
  };
}

function expit(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
