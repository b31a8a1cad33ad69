import { boundsOf } from "./bounds.js";
import { bulkDraws } from "./bulk-draws.js";
import { gridOf } from "./cell.js";
import { groupSubsets, joined, orderBy, type SubsetGroup } from "./groups.js";
import { quantile } from "./quantile.js";
import type { DriftRow, Observation } from "./types.js";
import { wilson } from "./wilson.js";

const DRAWS = 2_000;

const IN_ORDER = orderBy<DriftRow>([
  "scenario",
  "method",
  "biased",
  "seed",
  "run",
  "round",
  "suite",
  "subset",
  "metric",
]);

/**
 * The drift curves of each run: every metric's mean in every round, in every subset and over all of a suite (subset
 * `all`), with a 95 % interval over the probes. The interval says how far another set of probes of the same kind could
 * move the number. It knows nothing of how far another seed would: that takes several runs, see `pooled`.
 *
 * Metrics that are yes or no for each probe get Wilson's interval: a bootstrap of a proportion approximates the same
 * binomial, but shrinks to a point where all probes agree, which an honest base model comes close to. Others get the
 * percentile bootstrap, or Wilson's wider bounds where all values are equal.
 *
 * Throws if a probe stands twice in a run and round.
 */
export function estimateDrift(observations: readonly Observation[]): DriftRow[] {
  const { name } = gridOf(new Map(observations.map((seen) => [seen.run, seen])).values());
  return groupSubsets(observations, (seen) => joined(seen.run, seen.round))
    .map((group) => row(group, name(group.seen[0]!)))
    .sort(IN_ORDER);
}

function row({ subset, seen }: SubsetGroup, scenario: string): DriftRow {
  const { probe: _probe, value: _value, apart: _apart, axes: _axes, ...facts } = seen[0]!;
  const byProbe = new Map<string, number>();
  for (const { probe, value } of seen) {
    if (byProbe.has(probe)) {
      throw new Error(
        `${facts.run}, round ${facts.round}: probe ${facts.suite}/${probe} counts twice for ${facts.metric}`,
      );
    }
    byProbe.set(probe, value);
  }
  // Sums of floats depend on their order: always that of the probes' names.
  const values = Float64Array.from([...byProbe.keys()].sort(), (probe) => byProbe.get(probe)!);
  const value = mean(values);
  return {
    ...facts,
    scenario,
    subset,
    value,
    n: values.length,
    ...intervalOf(values, value, facts),
  };
}

function intervalOf(
  values: Float64Array,
  value: number,
  { suite, metric }: Pick<Observation, "suite" | "metric">,
): { low: number; high: number } {
  const bounds = boundsOf(metric);
  if (bounds && values.every((item) => item === values[0])) return bounds.unseen(value, values.length);
  const { low, high } = interval(values, value, `${suite}/${metric}`);
  // Parts of a signal may lie outside its bounds, and so then may the ends of their bootstrap.
  const { least, most } = bounds ?? { least: 0, most: 1 };
  return { low: Math.max(least, low), high: Math.min(most, high) };
}

function interval(values: Float64Array, value: number, name: string): { low: number; high: number } {
  const binary = values.every((item) => item === 0 || item === 1);
  if (binary || values.every((item) => item === values[0])) return wilson(value, values.length);
  const random = bulkDraws(`drift/probes/${name}`);
  const means = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw += 1) {
    let sum = 0;
    for (let i = 0; i < values.length; i += 1) sum += values[random.below(values.length)]!;
    means[draw] = sum / values.length;
  }
  return { low: quantile(means, 0.025), high: quantile(means, 0.975) };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
