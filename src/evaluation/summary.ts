import type { ProbeResult } from "./types.js";

/** The plain mean of a metric over the probes that have it. */
export type MetricSummary = { suite: string; subset: string; metric: string; value: number; n: number };

/**
 * The mean of every metric in every subset, and over all probes of a suite under the subset `all`; sorted by suite,
 * subset (`all` first) and metric.
 */
export function summarise(results: readonly ProbeResult[]): MetricSummary[] {
  // Groups by suite and subset: a key for each score would cost more than adding it up.
  const groups = new Map<string, Map<string, MetricSummary & { sum: number }>>();
  for (const { suite, subset: own, scores } of results) {
    for (const subset of ["all", own]) {
      const key = JSON.stringify([suite, subset]);
      const group = groups.get(key) ?? new Map<string, MetricSummary & { sum: number }>();
      groups.set(key, group);
      for (const [metric, score] of Object.entries(scores)) {
        const entry = group.get(metric) ?? { suite, subset, metric, value: 0, n: 0, sum: 0 };
        entry.sum += score;
        entry.n += 1;
        group.set(metric, entry);
      }
    }
  }
  const keyOf = ({ suite, subset, metric }: MetricSummary) =>
    JSON.stringify([suite, subset === "all" ? "" : subset, metric]);
  return [...groups.values()]
    .flatMap((group) => [...group.values()])
    .map(({ sum, ...entry }) => ({ key: keyOf(entry), entry: { ...entry, value: sum / entry.n } }))
    .sort((one, other) => (one.key < other.key ? -1 : 1))
    .map(({ entry }) => entry);
}
