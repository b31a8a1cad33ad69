import { quantile } from "./quantile.js";

/**
 * The smallest biased fraction with a detected drop, or that none was found up to the largest fraction tried. `low` and
 * `high` bound it at 95 %, on the fractions tried; null for "none up to `upTo`".
 */
export type Threshold =
  | { found: true; fraction: number; low: number; high: number | null; upTo: number }
  | { found: false; upTo: number; low: number | null; high: null };

/** A fraction, whether a drop was detected at it, and in which draws of the experiment it would have been (1) or not (0). */
export type Dose = { biased: number; detected: boolean; drawn: Uint8Array };

/**
 * The threshold's own interval is the middle 95 % of the thresholds that the same rule finds in the draws: what repetitions of
 * this experiment, as large as it was, would find. It is not the fraction at which harm begins: a larger experiment finds
 * smaller ones. Null without doses.
 */
export function thresholdOf(doses: readonly Dose[]): Threshold | null {
  const sorted = [...doses].sort((a, b) => a.biased - b.biased);
  const last = sorted.at(-1);
  if (!last) return null;
  const upTo = last.biased;
  const draws = Float64Array.from(last.drawn, (_, index) => {
    const first = sorted.find((dose) => dose.drawn[index] === 1);
    return first ? first.biased : Number.POSITIVE_INFINITY;
  });
  const low = onGrid(draws, 0.025, sorted);
  const high = onGrid(draws, 0.975, sorted);
  const found = sorted.find(({ detected }) => detected);
  if (!found) return { found: false, upTo, low, high: null };
  const least = Math.min(low ?? found.biased, found.biased);
  return {
    found: true,
    fraction: found.biased,
    low: least,
    high: high === null ? null : Math.max(high, found.biased),
    upTo,
  };
}

/** The fraction tried at or above the quantile; null beyond the last. */
function onGrid(draws: Float64Array, share: number, doses: readonly Dose[]): number | null {
  const at = quantile(draws, share);
  return doses.find((dose) => dose.biased >= at)?.biased ?? null;
}
