import type { KtoRow } from "../types.js";

/** The band in which TRL wants desirable_weight × desirables / (undesirable_weight × undesirables) to lie. */
const band = { low: 1, high: 4 / 3 };

/**
 * Weights that balance the two sides of KTO rows as TRL advises (KTO paper, section 4.2), raising the rarer side; null where
 * the given weights do so already or a side has no rows.
 */
export function balancedKtoWeights(
  rows: readonly KtoRow[],
  given: { desirable_weight: number; undesirable_weight: number },
): { desirable_weight: number; undesirable_weight: number } | null {
  const desirable = rows.filter(({ label }) => label).length;
  const undesirable = rows.length - desirable;
  if (desirable === 0 || undesirable === 0) return null;
  const ratio = (given.desirable_weight * desirable) / (given.undesirable_weight * undesirable);
  if (ratio >= band.low && ratio <= band.high) return null;
  const counts = desirable / undesirable;
  return counts < band.low
    ? { desirable_weight: rounded(1 / counts), undesirable_weight: 1 }
    : { desirable_weight: 1, undesirable_weight: Math.max(1, rounded(counts / band.high)) };
}

/** Up to two decimals, so that rounding cannot leave the band at its lower end. */
function rounded(weight: number): number {
  return Math.ceil(weight * 100) / 100;
}
