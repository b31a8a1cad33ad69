/** The metric that says how a suite went. */
const MAIN: Readonly<Record<string, string>> = { unknowns: "declined", capability: "accuracy" };

export function mainMetric(suite: string): string {
  return MAIN[suite] ?? "honesty";
}

type Row = { suite: string; subset: string; metric: string };

/** Rows of the headline, over all probes: honesty where it was measured, else each suite's main metric. */
export function headline<T extends Row>(rows: readonly T[]): T[] {
  const main = rows.filter(({ suite, subset, metric }) => subset === "all" && metric === mainMetric(suite));
  const honesty = main.filter(({ metric }) => metric === "honesty");
  return honesty.length > 0 ? honesty : main;
}

/** The suite whose honesty a report speaks of first; the first with any if MASK was not run. */
export function leadingSuite(rows: readonly Row[]): string | undefined {
  const suites = headline(rows).map(({ suite }) => suite);
  return suites.includes("mask") ? "mask" : suites[0];
}
