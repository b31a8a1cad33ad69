import { quantile } from "./quantile.js";

/**
 * Holm's step-down correction (Holm 1979) over the given rows as one family: with all rows below 0.05 after it taken as
 * real, the chance that any of them is not is at most 5 %, however the rows depend on each other. Keeps the order.
 */
export function holm<T extends { p: number }>(rows: readonly T[]): (T & { p_holm: number })[] {
  const byP = rows.map((_, index) => index).sort((a, b) => rows[a]!.p - rows[b]!.p);
  const corrected = new Float64Array(rows.length);
  let least = 0;
  byP.forEach((index, rank) => {
    least = Math.max(least, Math.min(1, (rows.length - rank) * rows[index]!.p));
    corrected[index] = least;
  });
  return rows.map((row, index) => ({ ...row, p_holm: corrected[index]! }));
}

/**
 * How many standard errors wide an interval must be on each side for all of several intervals to hold at once in 95 % of
 * experiments (single-step max-t, Westfall and Young 1993). `drawn` are joint draws around `values`. It uses how the
 * effects depend on each other, which Holm's correction cannot.
 */
export function simultaneous(
  values: readonly number[],
  scales: readonly number[],
  drawn: readonly Float64Array[],
): number {
  const draws = drawn[0]?.length ?? 0;
  if (draws === 0) return 0;
  const largest = new Float64Array(draws);
  drawn.forEach((one, index) => {
    for (let i = 0; i < draws; i += 1) {
      const distance = Math.abs(one[i]! - values[index]!) / scales[index]!;
      if (distance > largest[i]!) largest[i] = distance;
    }
  });
  return quantile(largest, 0.95);
}
