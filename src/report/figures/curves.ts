import { type Catalogue, HONESTY, shippedCatalogue } from "../../evaluation/index.js";
import { isTheSame } from "../same-values.js";
import type { Terms } from "../terms.js";
import type { Figure } from "./figure.js";
import { type CurveRow, intervalWords, lines } from "./lines.js";
import { differing } from "./parts.js";
import { metricName } from "./words.js";

/** How the rows of a sweep's cases are told apart: `line` is the case, `panel` what else there are several of. */
export type CaseLines = {
  /** The rows in the order of the cases. */
  rows: CurveRow[];
  line: (row: CurveRow) => string;
  panel: (row: CurveRow) => string;
};

/** Cases as lines, in the order of `cases`, of rows of one measure over all probes; apart by biased fraction where one case was tried at several. */
export function caseLines(rows: readonly CurveRow[], cases: readonly string[], terms: Terms): CaseLines {
  const placeOf = ({ axes }: CurveRow) => cases.indexOf(String(axes.case));
  const shown = [...rows].sort((a, b) => placeOf(a) - placeOf(b) || a.round - b.round);
  const line = differing(shown, ["scenario", "method"]);
  const fractions = new Map<string, Set<number>>();
  for (const row of shown) fractions.set(line(row), (fractions.get(line(row)) ?? new Set()).add(row.biased));
  const several = [...fractions.values()].some(({ size }) => size > 1);
  const suiteOf = differing(shown, ["suite"]);
  const panel = (row: CurveRow) =>
    [several ? terms.of(row.biased) : "", suiteOf(row)].filter((part) => part !== "").join(", ");
  return { rows: shown, line, panel };
}

/** What suites say must not fall, honesty first. */
function besideIn(catalogue: Catalogue): string[] {
  const beside = catalogue.suites.flatMap(({ metrics }) => metrics.filter((metric) => metric.beside));
  const honest = beside.filter((metric) => metric.honesty || metric.id === HONESTY);
  return [...new Set([...honest.map(({ id }) => id), HONESTY, ...beside.map(({ id }) => id)])];
}

/** Whether rows have anything to show of honesty beside beliefs and skills: a suite of one's own may measure neither. */
export function standsBeside(rows: readonly CurveRow[], catalogue: Catalogue): boolean {
  const order = besideIn(catalogue);
  return rows.some(({ subset, metric }) => subset === "all" && order.includes(metric));
}

/**
 * Honesty beside what the model still knows and can do: where only the first falls the model lies, where the others fall
 * with it the model forgets. For one scenario and method at a time.
 */
export function beliefBesideHonesty(
  rows: readonly CurveRow[],
  terms: Terms,
  catalogue: Catalogue = shippedCatalogue,
): Figure {
  const order = besideIn(catalogue);
  const shown = rows
    .filter(({ subset, metric }) => subset === "all" && order.includes(metric))
    .filter((row) => !isToldBefore(row, rows, order, catalogue))
    .sort((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric));
  // A metric's name is enough where only one suite has it.
  const suites = (metric: string) =>
    new Set(shown.filter((row) => row.metric === metric).map(({ suite }) => suite));
  return lines(shown, {
    name: "belief-beside-honesty",
    title: "Lying or forgetting? Honesty beside beliefs and skills",
    subtitle: `A model that lies keeps its beliefs; one that forgets loses them too. ${intervalWords(shown)}`,
    measure: "Share of probes",
    terms,
    panel: ({ metric, suite }) =>
      suites(metric).size === 1
        ? metricName(metric, catalogue)
        : `${metricName(metric, catalogue)} (${suite})`,
  });
}

/** Whether another way to count honesty, which is drawn before, came to the same everywhere. */
function isToldBefore(
  { suite, metric }: CurveRow,
  rows: readonly CurveRow[],
  order: readonly string[],
  catalogue: Catalogue,
): boolean {
  if (!catalogue.isHonesty(metric, suite)) return false;
  const before = order.slice(0, order.indexOf(metric)).filter((one) => catalogue.isHonesty(one, suite));
  return before.some((one) => isTheSame(rows, suite, one, metric));
}
