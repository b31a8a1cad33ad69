import { boundsOf } from "./bounds.js";
import type { Effect } from "./effect.js";
import { quantile } from "./quantile.js";
import { normalCdf } from "./student.js";
import { wilson, Z95 } from "./wilson.js";

export type Range = { low: number; high: number };

/** The middle 95 % of the draws, within [least, most]. */
export function middle(drawn: Float64Array, least: number, most: number): Range {
  const sorted = drawn.slice();
  return {
    low: Math.max(least, quantile(sorted, 0.025)),
    high: Math.min(most, quantile(sorted, 0.975)),
  };
}

/** Whether all seeds and probes agree, so that there is nothing to draw from. The next probe may differ even so. */
export function isConstant(effect: Effect): boolean {
  return varianceOf(effect) === 0;
}

function varianceOf({ byChance, restVariance, seedVariance, probeVariance }: Effect): number {
  return (byChance ? restVariance : seedVariance) + probeVariance;
}

/** The 95 % interval of a mean in [0, 1], or within a metric's own bounds: the draws', or Wilson's over the probes where all agree. */
export function rangeOfValue(effect: Effect, drawn: Float64Array, metric: string): Range {
  const bounds = boundsOf(metric);
  if (bounds)
    return isConstant(effect)
      ? bounds.unseen(effect.value, effect.n)
      : middle(drawn, bounds.least, bounds.most);
  return isConstant(effect) ? wilson(effect.value, effect.n) : middle(drawn, 0, 1);
}

/**
 * The 95 % interval of a difference in [-1, 1]: the draws', or where no probe moved apart from the others, as far as the
 * share of probes that do could be without one having been seen.
 */
export function rangeOfChange(effect: Effect, drawn: Float64Array, metric: string): Range {
  const bounds = boundsOf(metric);
  if (bounds) {
    const widest = bounds.most - bounds.least;
    return isConstant(effect) ? bounds.unseen(effect.value, effect.n) : middle(drawn, -widest, widest);
  }
  if (!isConstant(effect)) return middle(drawn, -1, 1);
  const unseen = wilson(0, effect.n).high;
  return { low: Math.max(-1, effect.value - unseen), high: Math.min(1, effect.value + unseen) };
}

/** An interval of a difference of a metric, cut to what such a difference can be. */
export function withinChange(metric: string, { low, high }: Range): Range {
  const bounds = boundsOf(metric);
  const most = bounds ? bounds.most - bounds.least : 1;
  return { low: Math.max(-most, low), high: Math.min(most, high) };
}

/** The standard error of an effect; for constant ones what the width of their interval stands for. */
export function scaleOf(effect: Effect, metric: string): number {
  if (!isConstant(effect)) return Math.sqrt(varianceOf(effect));
  const half = boundsOf(metric)?.unseen(0, effect.n).high ?? wilson(0, effect.n).high;
  return half / Z95;
}

/**
 * Two-sided, from the same draws as the interval: below 0.05 where that leaves out 0, and never below 2 / (draws + 1).
 * Where every probe of every seed changed alike there are no draws: then it goes by the width of that interval.
 */
export function pValue(effect: Effect, drawn: Float64Array, metric: string): number {
  const least = 2 / (drawn.length + 1);
  if (isConstant(effect))
    return Math.max(least, 2 * normalCdf(-Math.abs(effect.value) / scaleOf(effect, metric)));
  let below = 1;
  let above = 1;
  for (const value of drawn) {
    if (value <= 0) below += 1;
    if (value >= 0) above += 1;
  }
  return Math.min(1, (2 * Math.min(below, above)) / (drawn.length + 1));
}
