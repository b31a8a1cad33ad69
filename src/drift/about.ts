import type { Contrast } from "./contrast.js";
import { type Range, withinChange } from "./interval.js";
import { judge, twoSided } from "./judge.js";
import { tQuantile } from "./student.js";

/**
 * Intervals of differences at a confidence in [0, 1], for whether each lies beyond a limit in the differences' own units. Of one
 * difference it is the interval that it is told with, at 95 %. Of several they are corrected for their number by Holm's test of
 * the limit in place of 0, so that the chance of finding any beyond it that is not stays what was asked for.
 */
export function rangesAbout(
  rows: readonly Contrast[],
  { level, limit }: { level: number; limit: number },
): Range[] {
  const [only] = rows;
  if (rows.length === 1 && only) return [withinChange(only.metric, alone(only, level))];
  const shifted = rows.map(({ value, se, df }) => ({
    value: value - limit,
    se,
    df,
    p: twoSided(value - limit, se, df),
  }));
  const judged = judge(shifted, 1 - level);
  return rows.map((row, index) => {
    const { low, high } = judged[index]!;
    return withinChange(row.metric, { low: low + limit, high: high + limit });
  });
}

function alone({ value, se, df, wide, variance }: Contrast, level: number): Range {
  // Of one seed the draws know more of the interval's shape than its width does, and they are of 95 %.
  if (variance === "probes" && Math.abs(level - 0.95) < 1e-9) return wide;
  const half = se * tQuantile((1 + level) / 2, df);
  return { low: value - half, high: value + half };
}
