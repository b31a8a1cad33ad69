import { fCdf } from "./student.js";
import type { Table } from "./table.js";

/**
 * A mean over seeds with the two ways in which it could have come out otherwise, taken apart: other seeds and other
 * probes. All that `draw` needs.
 */
export type Effect = {
  value: number;
  /** Seeds that have it. */
  seeds: number;
  n: number;
  /** By seed of the frame: (value of the seed − mean) / √(S (S − 1)); 0 where the seed is missing. Squares sum to the seeds' variance. */
  bySeed: Float64Array;
  /** By probe of the frame: what one more draw of the probe adds to the mean. Squares sum to the probes' variance. */
  byProbe: Float64Array;
  /** Variance of the value over other seeds (with these probes) and over other probes. */
  seedVariance: number;
  probeVariance: number;
  /** Variance that chance in single answers alone gives the value, whatever seeds and probes do. */
  restVariance: number;
  /** Whether `restVariance` stands for the seeds, whose values lie closer together than chance allows; `bySeed` is 0 then. */
  byChance: boolean;
};

/**
 * Two-way analysis of variance, probes crossed with seeds. With y = μ + seed + probe + rest, S seeds and P probes, the
 * mean's variance is σ²seed/S + σ²probe/P + σ²rest/(SP). The spread of the seeds' values, taken over the same probes,
 * holds the first and the last term; what is left for the probes is their means' spread less the rest that is in it
 * (0 where that would be negative). With a single seed the rest cannot be told from the probes: it counts as theirs.
 *
 * Seeds can agree by luck: three runs that each lie on one more probe, another one each, have a spread of 0. Where they agree
 * more closely than chance allows, the value counts as varying by the chance in single answers.
 *
 * Where each seed has probes of its own they are nested in it: other seeds bring other ones, so that the spread of the seeds holds all
 * there is, and no part is the probes'.
 */
export function effectOf({ frame, values, influence, n, own }: Table): Effect {
  const rows = frame.seeds.map((_, row) => row).filter((row) => !Number.isNaN(values[row]));
  const S = rows.length;
  const P = frame.probes.length;
  const value = rows.reduce((sum, row) => sum + values[row]!, 0) / S;

  const bySeed = new Float64Array(frame.seeds.length);
  if (S > 1) for (const row of rows) bySeed[row] = (values[row]! - value) / Math.sqrt(S * (S - 1));
  const seedVariance = sumOfSquares(bySeed);

  const byProbe = new Float64Array(P);
  for (const row of rows) for (let i = 0; i < P; i += 1) byProbe[i]! += influence[row * P + i]! / S;
  const nested = own && S > 1;
  const restVariance = nested ? nestedRest(influence, rows, P) : restOf(influence, byProbe, rows, P);
  const freedom = { seeds: S - 1, rest: (nested ? S : S - 1) * (P - 1) };
  const byChance = isBelowChance(seedVariance, restVariance, freedom);
  if (byChance) bySeed.fill(0);
  if (nested) byProbe.fill(0);

  const spread = sumOfSquares(byProbe);
  // P / (P − 1): a sample of P probes around its own mean varies less than around the mean of all.
  const total = P > 1 ? (spread * P) / (P - 1) : 0;
  const probeVariance = Math.max(0, total - restVariance);
  const scale = spread > 0 ? Math.sqrt(probeVariance / spread) : 0;
  for (let i = 0; i < P; i += 1) byProbe[i]! *= scale;

  return { value, seeds: S, n, bySeed, byProbe, seedVariance, probeVariance, restVariance, byChance };
}

/**
 * Whether seeds agree more closely than chance in single answers lets them in 39 of 40 experiments: the lower tail of the F
 * test for a difference between seeds, with the variances' degrees of freedom.
 */
export function isBelowChance(
  seedVariance: number,
  restVariance: number,
  freedom: { seeds: number; rest: number },
): boolean {
  if (freedom.seeds < 1 || freedom.rest < 1 || restVariance === 0) return false;
  return fCdf(seedVariance / restVariance, freedom.seeds, freedom.rest) < 0.025;
}

/** The part of the probe means' variance that is neither the probe's nor the seed's: σ²rest/(SP). */
function restOf(influence: Float64Array, byProbe: Float64Array, rows: readonly number[], P: number): number {
  const S = rows.length;
  if (S < 2 || P < 2) return 0;
  let sum = 0;
  for (const row of rows) {
    for (let i = 0; i < P; i += 1) sum += (influence[row * P + i]! - byProbe[i]!) ** 2;
  }
  return (sum * P) / ((S - 1) * (P - 1) * S);
}

/** The variance that a mean over seeds has by their own probes alone. */
function nestedRest(influence: Float64Array, rows: readonly number[], P: number): number {
  if (P < 2) return 0;
  const sum = rows.reduce((all, row) => all + sumOfSquares(influence.subarray(row * P, (row + 1) * P)), 0);
  return (sum * P) / ((P - 1) * rows.length ** 2);
}

function sumOfSquares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
