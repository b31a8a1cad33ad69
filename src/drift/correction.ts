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
  const largest = largestDistances(values, scales, drawn);
  return largest.length === 0 ? 0 : quantile(largest, 0.95);
}

/** Each effect's p value against 0, corrected for all of them: the share of draws in which any strays further. */
export function adjusted(
  values: readonly number[],
  scales: readonly number[],
  drawn: readonly Float64Array[],
): number[] {
  const largest = largestDistances(values, scales, drawn);
  return values.map((value, index) => {
    const distance = Math.abs(value) / scales[index]!;
    return (largest.filter((other) => other >= distance).length + 1) / (largest.length + 1);
  });
}

/** In each draw the distance from its value of the effect that strays furthest, in standard errors. */
function largestDistances(
  values: readonly number[],
  scales: readonly number[],
  drawn: readonly Float64Array[],
): Float64Array {
  const largest = new Float64Array(drawn[0]?.length ?? 0);
  drawn.forEach((one, index) => {
    for (let i = 0; i < largest.length; i += 1) {
      const distance = Math.abs(one[i]! - values[index]!) / scales[index]!;
      if (distance > largest[i]!) largest[i] = distance;
    }
  });
  return largest;
}
