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
