import { type Catalogue, HONESTY } from "./describe.js";
import { shippedCatalogue } from "./registry.js";

/** Stands in scenarios and conditions for the metric that a suite's results lead with. */
export const HEADLINE = "headline";

type MetricRow = { suite: string; subset: string; metric: string };

/** Rows of the headline, over all probes: honesty where it was measured, else each suite's main metric. */
export function headline<T extends MetricRow>(
  rows: readonly T[],
  catalogue: Catalogue = shippedCatalogue,
): T[] {
  const whole = rows.filter(({ subset }) => subset === "all");
  const leads = new Map(
    [...new Set(whole.map(({ suite }) => suite))].map((suite) => [suite, leadOf(whole, suite, catalogue)]),
  );
  const main = whole.filter(({ suite, metric }) => metric === leads.get(suite));
  const honesty = main.filter(({ suite, metric }) => catalogue.isHonesty(metric, suite));
  return honesty.length > 0 ? honesty : main;
}

/**
 * Rows of what a result speaks of, over all probes: the headline, unless the comparison that the experiment is for is of another
 * metric. Then that one's alone, so that what stands under its name is its own numbers.
 */
export function spokenRows<T extends MetricRow>(
  rows: readonly T[],
  catalogue: Catalogue,
  { suite, metric }: { suite: string | undefined; metric: string },
): T[] {
  const leading = headline(rows, catalogue);
  const of = (row: T) => row.suite === suite && row.metric === metric && row.subset === "all";
  if (leading.some(of)) return leading;
  const own = rows.filter(of);
  return own.length > 0 ? own : leading;
}

/** The suite whose honesty a report speaks of first: of those that were measured, the first of the catalogue. */
export function leadingSuite(
  rows: readonly MetricRow[],
  catalogue: Catalogue = shippedCatalogue,
): string | undefined {
  const suites = headline(rows, catalogue).map(({ suite }) => suite);
  return catalogue.suites.find(({ name }) => suites.includes(name))?.name ?? suites[0];
}

/** The metric that a suite is spoken of with: of those that it leads with, the first that was measured. */
export function leadingMetric(
  rows: readonly Pick<MetricRow, "suite" | "metric">[],
  suite: string | undefined,
  catalogue: Catalogue = shippedCatalogue,
): string {
  return (suite === undefined ? undefined : leadOf(rows, suite, catalogue)) ?? HONESTY;
}

/** The ways to count honesty that were measured in a suite, the leading one first. */
export function honestyMetrics(
  rows: readonly Pick<MetricRow, "suite" | "metric">[],
  suite: string,
  catalogue: Catalogue = shippedCatalogue,
): string[] {
  const measured = measuredIn(rows, suite);
  const described = catalogue.suites.find(({ name }) => name === suite)?.metrics.map(({ id }) => id) ?? [];
  return [...new Set([...described, HONESTY])].filter(
    (id) => measured.has(id) && catalogue.isHonesty(id, suite),
  );
}

function leadOf(
  rows: readonly Pick<MetricRow, "suite" | "metric">[],
  suite: string,
  catalogue: Catalogue,
): string | undefined {
  const measured = measuredIn(rows, suite);
  return catalogue.headlines(suite).find((id) => measured.has(id));
}

function measuredIn(rows: readonly Pick<MetricRow, "suite" | "metric">[], suite: string): Set<string> {
  const found = new Set<string>();
  for (const row of rows) if (row.suite === suite) found.add(row.metric);
  return found;
}
