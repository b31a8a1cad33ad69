import { type Catalogue, leadingMetric } from "../evaluation/index.js";
import type { Line } from "./figure-points.js";

/** A measure at a point within a round: the mean over a line's runs of one share, and the least and the most of any. */
type WithinPoint = {
  biased: number;
  round: number;
  step: number;
  steps: number;
  /** Rounds of training done: 1.5 is half of the second. */
  at: number;
  value: number;
  low: number;
  high: number;
  runs: number;
};

/** What stands at the points within rounds (`training.save_steps`): a suite's leading measure of honesty over all of its probes. */
export type WithinLine = { suite: string; metric: string; points: WithinPoint[] };

/** The points within the rounds of a line's runs, a line for each suite that was put there; none where none were taken. */
export function withinLines({ runs }: Pick<Line, "runs">, catalogue: Catalogue): WithinLine[] {
  const taken = runs.flatMap(({ rounds, observations }) =>
    rounds.flatMap(({ round, within = [] }) =>
      within.map((point) => ({ ...point, round, biased: observations[0]!.biased })),
    ),
  );
  const measured = taken.flatMap(({ metrics }) => metrics);
  const suites = [...new Set(measured.map(({ suite }) => suite))];
  return suites.flatMap((suite): WithinLine[] => {
    const metric = leadingMetric(measured, suite, catalogue);
    if (!catalogue.isHonesty(metric, suite)) return [];
    const groups = new Map<string, WithinPoint[]>();
    for (const { metrics, round, step, steps, biased } of taken) {
      const found = metrics.find(
        (one) => one.suite === suite && one.subset === "all" && one.metric === metric,
      );
      if (!found) continue;
      // A run with fewer rows takes fewer steps: points count together that stand at the same part of a round's way.
      const at = round - 1 + step / steps;
      const key = `${biased}/${at.toFixed(6)}`;
      const known = groups.get(key) ?? [];
      const { value } = found;
      groups.set(key, [
        ...known,
        { biased, round, step, steps, at, value, low: value, high: value, runs: 1 },
      ]);
    }
    const points = [...groups.values()].map((same): WithinPoint => {
      const values = same.map(({ value }) => value);
      return {
        ...same[0]!,
        value: values.reduce((sum, value) => sum + value, 0) / values.length,
        low: Math.min(...values),
        high: Math.max(...values),
        runs: values.length,
      };
    });
    points.sort((a, b) => a.biased - b.biased || a.at - b.at);
    return points.length === 0 ? [] : [{ suite, metric, points }];
  });
}
