import { tQuantile } from "./student.js";

/**
 * The mean of one number a seed with its 95 % interval over seeds, Student's t; for a single seed the bounds are null, for
 * nothing is known of others. Throws on an empty list.
 */
export function meanOverSeeds(values: readonly number[]): {
  value: number;
  low: number | null;
  high: number | null;
  seeds: number;
} {
  const seeds = values.length;
  if (seeds === 0) throw new Error("a mean over seeds needs a seed");
  const value = values.reduce((sum, one) => sum + one, 0) / seeds;
  if (seeds === 1) return { value, low: null, high: null, seeds };
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / (seeds - 1);
  const half = tQuantile(0.975, seeds - 1) * Math.sqrt(variance / seeds);
  return { value, low: value - half, high: value + half, seeds };
}
