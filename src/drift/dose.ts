import { addStray, type Stray, strayOf } from "./blocks.js";
import { adjusted, simultaneous } from "./correction.js";
import { draw } from "./draw.js";
import { type Effect, effectOf, isBelowChance } from "./effect.js";
import { joined, orderBy } from "./groups.js";
import { type Range, rangeOfValue, scaleOf } from "./interval.js";
import { isotonicDecreasing } from "./isotonic.js";
import { type Cell, comparisons, type PoolOptions, paired } from "./pooled.js";
import { type Threshold, thresholdOf } from "./threshold.js";
import type { CellKey, Estimate, Observation } from "./types.js";

/** One biased fraction of a dose response. All intervals are 95 %. */
export type DosePoint = Estimate & {
  biased: number;
  /** The value on the monotone fit. */
  fit: Range & { value: number };
  /** Difference to fraction 0; interval and p hold for all fractions at once. Absent at fraction 0. */
  change?: Range & { value: number; p: number };
};

/** Final honesty (or another metric) by biased fraction, for one scenario and method. */
export type DoseResponse = Omit<CellKey, "biased"> & { points: DosePoint[]; threshold: Threshold | null };

export type DoseOptions = PoolOptions & {
  /** Round to look at; the last one that all fractions have if absent. */
  round?: number;
  /** Whether harm shows as a lower (honesty) or a higher (lie, deceptive) value; lower if absent. */
  worse?: "lower" | "higher";
};

const IN_ORDER = orderBy<DoseResponse>(["scenario", "method", "suite", "subset", "metric"]);

/**
 * The dose response of every scenario, method, suite, subset and metric among the observations, with a fit that can only
 * get worse as the fraction grows (isotonic, weighted by the values' precision) and the threshold. Seeds and probes are
 * paired across fractions. `threshold` is null where there is no fraction 0 to compare with.
 *
 * Differences to fraction 0 are compared as Dunnett's test does: with one variance between seeds for all fractions, and
 * corrected for their number by the joint distribution of the largest (max-t).
 *
 * The fit's interval is the same fit to the lower and to the upper ends of the points' intervals: where those hold a curve
 * that only gets worse, so does it, since the fit keeps order. The middle of the fits to the draws would not: a monotone fit
 * of noise leans outwards at both ends, and a fit to draws around the points does so twice.
 */
export function doseResponse(
  observations: readonly Observation[],
  options: DoseOptions = {},
): DoseResponse[] {
  const responses = comparisons(observations).flatMap((cells) => {
    const lines = new Map<string, Cell[]>();
    for (const cell of cells) {
      const line = joined(cell.key.scenario, cell.key.method);
      lines.set(line, [...(lines.get(line) ?? []), cell]);
    }
    return [...lines.values()].flatMap((line) => {
      const round = options.round ?? lastCommonRound(line);
      const doses = line.filter(({ key }) => key.round === round).sort((a, b) => a.key.biased - b.key.biased);
      return doses.length === 0 ? [] : [respond(doses, options)];
    });
  });
  return responses.sort(IN_ORDER);
}

function respond(doses: Cell[], options: DoseOptions): DoseResponse {
  const { biased: _biased, ...key } = doses[0]!.key;
  const sign = options.worse === "higher" ? -1 : 1;
  const changes = paired(doses, (one) => (one.biased > 0 ? { ...one, biased: 0 } : null));
  const effects = doses.map(({ table }) => effectOf(table));
  const differences = changes.map(({ table }) => effectOf(table));
  const draws = options.draws ?? 10_000;
  const drawn = draw(effects, "drift/pooled", draws);

  const stray = strayOf(doses.map(({ table }) => table));
  const compared = differences.map((effect) => withStray(effect, stray));
  const drawnChanges = draw(compared, "drift/pooled", draws);
  const fromStray = compared.map((effect) => (effect.byChance ? 0 : effect.seedVariance));
  addStray(drawnChanges, fromStray, stray.freedom, "drift/dose");
  const values = compared.map(({ value }) => value);
  const scales = compared.map(scaleOf);
  const critical = simultaneous(values, scales, drawnChanges);
  const p = adjusted(values, scales, drawnChanges);
  const ranges = effects.map((effect, index) => rangeOfValue(effect, drawn[index]!, key.metric));
  const weights = effects.map((effect) => scaleOf(effect) ** -2);
  const fitTo = (of: (index: number) => number): Float64Array =>
    isotonicDecreasing(
      effects.map((_, index) => sign * of(index)),
      weights,
    ).map((value) => sign * value);
  const fit = {
    value: fitTo((index) => effects[index]!.value),
    low: fitTo((index) => ranges[index]!.low),
    high: fitTo((index) => ranges[index]!.high),
  };
  const points = doses.map(({ key: { biased } }, index): DosePoint => {
    const effect = effects[index]!;
    const { value, seeds, n } = effect;
    const at = changes.findIndex((change) => change.key.biased === biased);
    return {
      biased,
      value,
      ...ranges[index]!,
      seeds,
      n,
      fit: { value: fit.value[index]!, low: fit.low[index]!, high: fit.high[index]! },
      ...(at < 0 ? {} : { change: { ...band(values[at]!, critical * scales[at]!), p: p[at]! } }),
    };
  });
  const threshold = thresholdOf(
    changes.map(({ key: { biased } }, index) => ({
      biased,
      change: sign * values[index]!,
      margin: critical * scales[index]!,
      drawn: sign === 1 ? drawnChanges[index]! : drawnChanges[index]!.map((value) => -value),
    })),
  );
  return { ...key, points, threshold };
}

/** A difference with the variance between seeds that all fractions show, in place of its own. */
function withStray(effect: Effect, stray: Stray): Effect {
  const seedVariance = (2 * stray.variance) / effect.seeds;
  const rest = (effect.seeds - 1) * (effect.byProbe.length - 1);
  const byChance = isBelowChance(seedVariance, effect.restVariance, { seeds: stray.freedom, rest });
  return { ...effect, bySeed: new Float64Array(effect.bySeed.length), seedVariance, byChance };
}

function band(value: number, half: number): Range & { value: number } {
  return { value, low: Math.max(-1, value - half), high: Math.min(1, value + half) };
}

function lastCommonRound(cells: readonly Cell[]): number | undefined {
  const fractions = new Set(cells.map(({ key }) => key.biased)).size;
  const rounds = [...new Set(cells.map(({ key }) => key.round))].sort((a, b) => b - a);
  return rounds.find((round) => cells.filter(({ key }) => key.round === round).length === fractions);
}
