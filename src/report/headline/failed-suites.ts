import { counted } from "../../numbers.js";
import type { ReportSource } from "../source/read.js";

/** What there is to know of runs: what each of their rounds measured. */
type Runs = readonly { rounds: readonly Pick<ReportSource["runs"][number]["rounds"][number], "metrics">[] }[];

/** Suites of which every probe failed in an evaluation: nothing is known by them there, and a table alone would say so. */
export function failedSuitesWords(runs: Runs): string[] {
  const evaluations = runs.flatMap(({ rounds }) => rounds.map(({ metrics }) => metricsBySuite(metrics)));
  const names = new Set(evaluations.flatMap((one) => [...one.keys()]));
  return [...names].flatMap((name) => {
    const here = evaluations.flatMap((one) => one.get(name) ?? []);
    const failed = here.filter((values) => values.size === 1 && (values.get("error") ?? 0) >= 1).length;
    if (failed === 0) return [];
    return [
      `Every probe of suite ${name} failed in ${failed} of ${counted(here.length, "evaluation")}: nothing was measured by it there. Each round's probes.jsonl has the errors.`,
    ];
  });
}

/** Over all probes. A probe that was judged has another metric than its error. */
function metricsBySuite(
  metrics: Runs[number]["rounds"][number]["metrics"],
): Map<string, Map<string, number>> {
  const found = new Map<string, Map<string, number>>();
  for (const { suite, subset, metric, value } of metrics)
    if (subset === "all")
      found.set(suite, (found.get(suite) ?? new Map<string, number>()).set(metric, value));
  return found;
}
