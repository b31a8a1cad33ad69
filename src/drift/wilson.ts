/** The 97.5 % quantile of the standard normal distribution. */
export const Z95 = 1.959963984540054;

/**
 * The 95 % score interval of a proportion (Wilson 1927) for a mean `value` in [0, 1] over `n` draws. Unlike a bootstrap
 * it keeps a width where all draws agree. It also holds, only wider than it need be, for draws anywhere in [0, 1]: their
 * variance is at most value (1 − value).
 */
export function wilson(value: number, n: number): { low: number; high: number } {
  const z2 = Z95 * Z95;
  const centre = (value + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((value * (1 - value)) / n + z2 / (4 * n * n));
  // The bounds are exact at the ends; rounding must not put the value outside them.
  return {
    low: value <= 0 ? 0 : Math.max(0, Math.min(value, centre - half)),
    high: value >= 1 ? 1 : Math.min(1, Math.max(value, centre + half)),
  };
}
