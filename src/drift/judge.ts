import type { Range } from "./interval.js";
import { tCdf, tQuantile } from "./student.js";

/** An estimate with its standard error, degrees of freedom and two-sided p value. */
export type Estimated = { value: number; se: number; df: number; p: number };

export type Judged = Range & { p_holm: number };

/**
 * Holm's step-down test (Holm 1979) of a family at 5 % (or `alpha`), whatever its members' dependence, with an interval for
 * each: as wide as the step at which it was tested. So an interval leaves out 0 exactly where the corrected p is below 0.05. Of
 * a family of one that is the plain test and the plain 95 % interval. Keeps the order.
 */
export function judge(family: readonly Estimated[], alpha = 0.05): Judged[] {
  const order = family.map((_, index) => index).sort((a, b) => family[a]!.p - family[b]!.p);
  const out: Judged[] = new Array(family.length);
  let least = 0;
  let rejected = 0;
  for (const [rank, index] of order.entries()) {
    const { value, se, df, p } = family[index]!;
    least = Math.max(least, Math.min(1, (family.length - rank) * p));
    // Once a step fails, all that are left are tested at its level.
    const open = family.length - (rejected === rank ? rank : rejected);
    if (rejected === rank && least < alpha) rejected += 1;
    const half = se * tQuantile(1 - alpha / 2 / open, df);
    out[index] = { low: value - half, high: value + half, p_holm: least };
  }
  return out;
}

/** The two-sided p value of `value` against 0. */
export function twoSided(value: number, se: number, df: number): number {
  if (se === 0) return value === 0 ? 1 : 0;
  return Math.min(1, 2 * tCdf(-Math.abs(value) / se, df));
}

/** What can be said of a difference with a margin, by one-sided tests at 5 %. A margin is above 0, in the difference's units. */
export type Margin = {
  margin: number;
  /** The 90 % interval, which is what two one-sided tests at 5 % go by: it lies within ± margin exactly where `same` holds. */
  low: number;
  high: number;
  /** Two one-sided tests (Schuirmann 1987): the difference lies within ± margin. The larger of the two p values. */
  same: { p: number; holds: boolean };
  /** Non-inferiority: the value is not lower by the margin or more. */
  not_lower: { p: number; holds: boolean };
};

/** From so many seeds on two arms may be called the same; of fewer too little is known of how far seeds stray. */
export const LEAST_SEEDS_FOR_SAME = 3;

/** Equivalence and non-inferiority of a difference. Nothing is claimed of a single seed, which has no variance, and no equivalence of two. */
export function againstMargin(
  { value, se, df, seeds }: { value: number; se: number; df: number; seeds: number },
  margin: number,
): Margin {
  const above = oneSided(value + margin, se, df);
  const below = oneSided(margin - value, se, df);
  const holds = (p: number) => seeds > 1 && p < 0.05;
  const both = Math.max(above, below);
  const half = se * tQuantile(0.95, df);
  return {
    margin,
    low: value - half,
    high: value + half,
    same: { p: both, holds: holds(both) && seeds >= LEAST_SEEDS_FOR_SAME },
    not_lower: { p: above, holds: holds(above) },
  };
}

/** The end of a difference's one-sided 95 % interval: it is above − margin exactly where `againstMargin` says that the value is not lower. */
export function lowestOf({ value, se, df }: Omit<Estimated, "p">): number {
  return value - se * tQuantile(0.95, df);
}

/** p of the hypothesis that `distance` is 0 or less. */
function oneSided(distance: number, se: number, df: number): number {
  if (se === 0) return distance > 0 ? 0 : 1;
  return tCdf(-distance / se, df);
}

/** The largest drop that an interval does not exclude; 0 where it lies above 0. */
export function notExcluded({ low }: Pick<Range, "low">): number {
  return Math.max(0, -low);
}
