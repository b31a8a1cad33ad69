import { type Contrast, OWN_VARIANCE_FROM } from "./contrast.js";
import { effectOf } from "./effect.js";
import { comparisons, paired, toBase } from "./pooled.js";
import { noncentralTCdf, tQuantile } from "./student.js";
import type { Observation } from "./types.js";

/**
 * Where a change's variance comes from: between seeds (with these probes, so it holds the sampling noise of a seed's
 * answers too), and between probes, which more seeds cannot lessen.
 */
export type Components = {
  betweenSeeds: number;
  probes: number;
  /** Degrees of freedom that a test of so many seeds has of the variance between them; one less than seeds if absent. */
  freedom?: (seeds: number) => number;
};

export type PowerOptions = {
  /** Chance to find the effect, in (0, 1); 0.8 if absent. */
  power?: number;
  /** Chance to find one where there is none, two-sided; 0.05 if absent. */
  alpha?: number;
};

/**
 * The variance components of the change since round 0, averaged over the cells of the observations (which should be of
 * one suite, subset and metric). Null without a cell that has two seeds.
 */
export function components(observations: readonly Observation[]): Components | null {
  const effects = comparisons(observations)
    .flatMap((cells) => paired(cells, toBase))
    .map(({ table }) => effectOf(table))
    .filter(({ seeds }) => seeds > 1);
  if (effects.length === 0) return null;
  let weight = 0;
  let betweenSeeds = 0;
  let probes = 0;
  for (const effect of effects) {
    const freedom = effect.seeds - 1;
    weight += freedom;
    betweenSeeds += freedom * effect.seedVariance * effect.seeds;
    probes += freedom * effect.probeVariance;
  }
  return { betweenSeeds: betweenSeeds / weight, probes: probes / weight };
}

/**
 * The variance that a contrast's own test goes by. No part of it is the probes', as that test speaks of those that were put. Few seeds that
 * share one variance with the arms beside them have the degrees of freedom of all of these. Null of one seed.
 */
export function testedVariance({
  se,
  df,
  seeds,
  variance,
}: Pick<Contrast, "se" | "df" | "seeds" | "variance">): Components | null {
  if (seeds < 2) return null;
  const shares = (many: number) => variance === "pooled" && many < OWN_VARIANCE_FROM;
  const freedom = (many: number) =>
    many === seeds ? df : shares(many) ? (df * (many - 1)) / (seeds - 1) : many - 1;
  return { betweenSeeds: se ** 2 * seeds, probes: 0, freedom };
}

/**
 * The fewest seeds that find a change of size `effect` (a difference of means, e.g. 0.05) with the wanted chance, and that
 * chance; null where no number of seeds up to 10,000 does, because another set of probes could hide the effect: then more
 * probes are needed. A t test with Satterthwaite's degrees of freedom, exact where the probes' variance is 0.
 */
export function seedsNeeded(
  effect: number,
  variance: Components,
  options: PowerOptions = {},
): { seeds: number; power: number } | null {
  const wanted = options.power ?? 0.8;
  const enough = (seeds: number) => powerOf(effect, variance, seeds, options.alpha ?? 0.05) >= wanted;
  // One by one as long as arms may share a variance: an arm with its own has fewer degrees of freedom, though it has more seeds.
  const few = [2, 3, 4, 5, 6, 7].find(enough);
  let high = few ?? 8;
  while (!enough(high)) {
    if (high >= 10_000) return null;
    high = Math.min(10_000, high * 2);
  }
  const seeds = few ?? least(Math.max(7, Math.floor(high / 2)), high, enough);
  return { seeds, power: powerOf(effect, variance, seeds, options.alpha ?? 0.05) };
}

/**
 * The smallest change, to a tenth of a percentage point, that so many seeds find with the wanted chance; null where none is,
 * or of one seed.
 */
export function smallestEffect(
  variance: Components,
  seeds: number,
  options: PowerOptions = {},
): number | null {
  if (seeds < 2) return null;
  const found = (thousandths: number) =>
    powerOf(thousandths / 1000, variance, seeds, options.alpha ?? 0.05) >= (options.power ?? 0.8);
  return found(1000) ? least(0, 1000, found) / 1000 : null;
}

/** The least whole number that is enough, between one that is not and one that is. */
function least(low: number, high: number, enough: (value: number) => boolean): number {
  if (high - low <= 1) return high;
  const middle = Math.floor((low + high) / 2);
  return enough(middle) ? least(low, middle, enough) : least(middle, high, enough);
}

/** The chance that a two-sided test at `alpha` with so many seeds (at least 2) finds a change of size `effect`. */
function powerOf(effect: number, variance: Components, seeds: number, alpha: number): number {
  const bySeed = variance.betweenSeeds / seeds;
  const total = bySeed + variance.probes;
  if (total === 0) return effect === 0 ? 0 : 1;
  const own = variance.freedom?.(seeds) ?? seeds - 1;
  const df = bySeed === 0 ? 1e6 : Math.min(1e6, (total / bySeed) ** 2 * own);
  const critical = tQuantile(1 - alpha / 2, df);
  const delta = Math.abs(effect) / Math.sqrt(total);
  return 1 - noncentralTCdf(critical, df, delta) + noncentralTCdf(-critical, df, delta);
}
