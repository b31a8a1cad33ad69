import { type Catalogue, HONESTY } from "./describe.js";
import { shippedCatalogue } from "./registry.js";

type Row = { suite: string; subset: string; metric: string };

/** Rows of the headline, over all probes: honesty where it was measured, else each suite's main metric. */
export function headline<T extends Row>(rows: readonly T[], catalogue: Catalogue = shippedCatalogue): T[] {
  const main = rows.filter(
    ({ suite, subset, metric }) => subset === "all" && metric === catalogue.headline(suite),
  );
  const honesty = main.filter(({ metric }) => metric === HONESTY);
  return honesty.length > 0 ? honesty : main;
}

/** The suite whose honesty a report speaks of first: of those that were measured, the first of the catalogue. */
export function leadingSuite(
  rows: readonly Row[],
  catalogue: Catalogue = shippedCatalogue,
): string | undefined {
  const suites = headline(rows, catalogue).map(({ suite }) => suite);
  return catalogue.suites.find(({ name }) => suites.includes(name))?.name ?? suites[0];
}
