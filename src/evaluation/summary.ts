import type { ProbeResult } from "./types.js";

/** The plain mean of a metric over the probes that have it. */
export type MetricSummary = { suite: string; subset: string; metric: string; value: number; n: number };

/**
 * The mean of every metric in every subset, and over all probes of a suite under the subset `all`; sorted by suite,
 * subset (`all` first) and metric.
 */
export function summarise(results: readonly ProbeResult[]): MetricSummary[] {
  const sums = new Map<string, MetricSummary & { sum: number }>();
  for (const result of results) {
    for (const [metric, score] of Object.entries(result.scores)) {
      for (const subset of ["all", result.subset]) {
        const key = JSON.stringify([result.suite, subset === "all" ? "" : subset, metric]);
        const entry = sums.get(key) ?? { suite: result.suite, subset, metric, value: 0, n: 0, sum: 0 };
        sums.set(key, { ...entry, sum: entry.sum + score, n: entry.n + 1 });
      }
    }
  }
  return [...sums.keys()].sort().map((key) => {
    const { sum, ...entry } = sums.get(key)!;
    return { ...entry, value: sum / entry.n };
  });
}
