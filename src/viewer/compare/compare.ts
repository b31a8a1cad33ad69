import { type Observation, observe, type PooledRow } from "../../drift/index.js";
import {
  HONESTY,
  honestyMetrics,
  leadingMetric,
  leadingSuite,
  shippedCatalogue,
} from "../../evaluation/index.js";
import { metricName } from "../../report/index.js";
import type { IndexStore, RunManifest } from "../../runs/index.js";
import type { Comparison } from "../api.js";
import { type FoundRun, readFound } from "../folder/index.js";
import { readProbes } from "../probes/index.js";
import type { Work } from "../work/index.js";
import { type Labelled, labelRuns, settingsBeside } from "./labels.js";

/** What of the runs is compared; `suite` and `metric` as they are first found if absent. */
export type CompareOptions = { suite?: string; metric?: string; apart: boolean };

/** A row with what names its line; `share` is its share of biased users in words. */
export type ComparedRow = PooledRow & Pick<Labelled, "label" | "line" | "byShare" | "share">;

/** One run's own value. */
export type RunValue = { label: string; run: string; round: number; value: number };

export type Compared = Omit<Comparison, "figure" | "narrow" | "description"> & {
  pooled: ComparedRow[];
  runs: RunValue[];
  /** The last round that is planned in any of the runs. */
  rounds: number;
};

/**
 * Lines of the same metric over rounds. Runs that differ by their seed alone are pooled into one line, with an interval over
 * seeds and probes, unless they are to stay apart.
 */
export async function compareRuns(
  runs: readonly FoundRun[],
  options: CompareOptions,
  indices: IndexStore,
  work: Pick<Work, "pool">,
): Promise<Compared> {
  const read = await Promise.all(runs.map((run) => readOne(run, indices)));
  const labelled = labelRuns(read, options.apart);
  const all = labelled.flatMap(({ run, label }) => run.seen.map((seen) => ({ ...seen, scenario: label })));
  const metrics = metricsOf(all);
  const chosen =
    metrics.find(({ suite, metric }) => suite === options.suite && metric === options.metric) ??
    metrics.find(({ metric }) => options.metric !== undefined && metric === options.metric) ??
    metrics[0];
  const shown = all
    .filter(({ suite, metric }) => suite === chosen?.suite && metric === chosen.metric)
    // Differences between kinds of probe are the report's business.
    // A signal has parts of its own over all probes.
    .filter((seen) => !seen.apart)
    .map((seen) => ({ ...seen, subset: "all" }));
  const order = [...new Set(labelled.map(({ label }) => label))];
  const lines = new Map(labelled.map((one) => [one.label, one]));
  const rows = (await work.pool(shown))
    .map((row): ComparedRow => {
      const { label, line, byShare, share } = lines.get(row.scenario)!;
      return { ...row, label, byShare, share, ...(line === undefined ? {} : { line }) };
    })
    .sort((a, b) => order.indexOf(a.label) - order.indexOf(b.label) || a.round - b.round);
  return {
    metric: chosen?.metric ?? HONESTY,
    suite: chosen?.suite ?? "",
    metrics,
    rows: rows.map(({ label, round, value, low, high, seeds, n }) => ({
      label,
      round,
      value,
      low,
      high,
      seeds,
      n,
    })),
    pooled: rows,
    runs: labelled.flatMap(({ run, label }) => valuesOf(run, label, chosen)),
    rounds: Math.max(...read.map(({ manifest }) => manifest.scenario.rounds)),
    probes: probesOf(labelled, chosen?.suite ?? ""),
    ...settingsBeside(labelled),
  };
}

/** The mean over a run's probes, by round. */
function valuesOf(
  { id, seen }: Labelled["run"],
  label: string,
  chosen: { suite: string; metric: string } | undefined,
): RunValue[] {
  const sums = new Map<number, { sum: number; n: number }>();
  for (const { suite, metric, round, value, apart } of seen) {
    if (suite !== chosen?.suite || metric !== chosen.metric || apart) continue;
    const { sum, n } = sums.get(round) ?? { sum: 0, n: 0 };
    sums.set(round, { sum: sum + value, n: n + 1 });
  }
  return [...sums]
    .map(([round, { sum, n }]) => ({ label, run: id, round, value: sum / n }))
    .sort((a, b) => a.round - b.round);
}

/** How many probes of a suite each line's runs were put in their first evaluation. */
function probesOf(labelled: readonly Labelled[], suite: string): Comparison["probes"] {
  const counts = new Map<string, Set<number>>();
  for (const { label, run } of labelled) {
    const count = run.probes[suite];
    if (count !== undefined) counts.set(label, (counts.get(label) ?? new Set()).add(count));
  }
  return Object.fromEntries([...counts].map(([label, some]) => [label, [...some].sort((a, b) => a - b)]));
}

async function readOne(run: FoundRun, indices: IndexStore): Promise<Labelled["run"]> {
  const { manifest } = await readFound(run);
  const { biased } = manifest;
  const facts = factsOf(manifest, biased);
  const rounds = await readProbes(run, indices);
  return {
    id: run.id,
    manifest,
    biased,
    sweep: run.sweep,
    axes: run.axes,
    probes: countBySuite(rounds[0]?.index.items ?? []),
    seen: rounds.flatMap(({ round, index }): Observation[] => observe(facts, round, index.items)),
  };
}

function countBySuite(results: readonly { suite: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { suite } of results) counts[suite] = (counts[suite] ?? 0) + 1;
  return counts;
}

function factsOf({ scenario, seed, hash }: RunManifest, biased: number) {
  const { method } = scenario.training;
  return { run: hash, scenario: scenario.name, axes: {}, seed, method, biased, biased_realized: biased };
}

/** Everything that was measured, what a report would speak of first. */
function metricsOf(observations: readonly Observation[]): Comparison["metrics"] {
  const found = new Map<string, { suite: string; metric: string }>();
  for (const { suite, metric } of observations) found.set(`${suite}/${metric}`, { suite, metric });
  const suites = new Set([...found.values()].map(({ suite }) => suite));
  const rows = [...found.values()].map((one) => ({ ...one, subset: "all" }));
  const lead = leadingSuite(rows);
  const main = leadingMetric(rows, lead);
  const honest = lead === undefined ? [] : honestyMetrics(rows, lead);
  const placeOf = ({ suite, metric }: { suite: string; metric: string }) => {
    if (suite === lead && metric === main) return 0;
    if (suite === lead && honest.includes(metric)) return 1;
    return shippedCatalogue.isHonesty(metric, suite) ? 2 : 3;
  };
  return [...found.values()]
    .map(({ suite, metric }) => {
      const { counts } = shippedCatalogue.metric(metric, suite);
      return {
        suite,
        metric,
        label: suites.size > 1 ? `${metricName(metric)} (${suite})` : metricName(metric),
        ...(counts === undefined ? {} : { counts }),
      };
    })
    .sort((a, b) => placeOf(a) - placeOf(b));
}
