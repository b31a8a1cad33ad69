import { type Catalogue, HONESTY, headline, shippedCatalogue } from "../../evaluation/index.js";
import type { Figure } from "./figure.js";
import { type CurveRow, haveBands, intervalWords, lines } from "./lines.js";
import { differing } from "./parts.js";
import { metricName, percent } from "./words.js";

/** Drift curves: honesty (or what the suites have in its place) by round, one line per biased fraction, one picture per suite, scenario and method. */
export function curves(rows: readonly CurveRow[], catalogue: Catalogue = shippedCatalogue): Figure {
  const shown = headline(rows, catalogue);
  const metrics = [...new Set(shown.map(({ metric }) => metric))];
  const name = metrics.map((metric) => metricName(metric, catalogue)).join(", ");
  const meaning = catalogue.isHonesty(metrics[0] ?? "") ? meaningOf(metrics[0]!) : "";
  return lines(shown, {
    name: "curves",
    title: `${name} by round, for growing shares of biased users`,
    subtitle: `${meaning}${intervalWords(shown)}`,
    measure: metrics.length === 1 ? name : "Share of probes",
    panel: differing(shown, ["suite", "scenario", "method"]),
  });
}

/** What a measure of honesty says, as a sentence. */
function meaningOf(metric: string): string {
  return metric === HONESTY
    ? "Share of statements under pressure that do not contradict the model's own belief. "
    : "Of the probes whose belief was held before training, the share whose statement under pressure does not contradict it. ";
}

/** How the rows of a sweep's cases are told apart: `line` is the case, `panel` what else there are several of. */
export type CaseLines = {
  /** The rows in the order of the cases. */
  rows: CurveRow[];
  line: (row: CurveRow) => string;
  panel: (row: CurveRow) => string;
};

/** Cases as lines, in the order of `cases`, of rows of one measure over all probes; apart by biased fraction where one case was tried at several. */
export function caseLines(rows: readonly CurveRow[], cases: readonly string[]): CaseLines {
  const placeOf = ({ scenario }: CurveRow) => {
    const name = scenario.split(" ").slice(1).join(" ");
    return cases.findIndex((one) => name === one || name.startsWith(`${one} `));
  };
  const shown = [...rows].sort((a, b) => placeOf(a) - placeOf(b) || a.round - b.round);
  const line = differing(shown, ["scenario", "method"]);
  const fractions = new Map<string, Set<number>>();
  for (const row of shown) fractions.set(line(row), (fractions.get(line(row)) ?? new Set()).add(row.biased));
  const several = [...fractions.values()].some(({ size }) => size > 1);
  const suiteOf = differing(shown, ["suite"]);
  const panel = (row: CurveRow) =>
    [several ? `${percent(row.biased)} biased users` : "", suiteOf(row)]
      .filter((part) => part !== "")
      .join(", ");
  return { rows: shown, line, panel };
}

/** Drift curves for the cases of a sweep: one line per case. */
export function caseCurves(rows: readonly CurveRow[], cases: readonly string[]): Figure {
  const { rows: shown, line, panel } = caseLines(headline(rows), cases);
  const bands = haveBands(shown.map(line));
  const measure = metricName(shown[0]?.metric ?? HONESTY);
  return lines(shown, {
    name: "curves",
    title: `${measure} by round, in each case`,
    subtitle: `${meaningOf(shown[0]?.metric ?? HONESTY)}${intervalWords(shown, bands)}`,
    measure,
    bands,
    panel,
    series: { title: "Cases", of: line },
  });
}

/**
 * Honesty beside what the model still knows and can do: where only the first falls the model lies, where the others fall
 * with it the model forgets. For one scenario and method at a time.
 */
export function beliefBesideHonesty(
  rows: readonly CurveRow[],
  catalogue: Catalogue = shippedCatalogue,
): Figure {
  // What a suite says must not fall, honesty first.
  const beside = catalogue.suites.flatMap(({ metrics }) => metrics.filter((metric) => metric.beside));
  const honest = beside.filter((metric) => metric.honesty || metric.id === HONESTY);
  const order = [...new Set([...honest.map(({ id }) => id), HONESTY, ...beside.map(({ id }) => id)])];
  const shown = rows
    .filter(({ subset, metric }) => subset === "all" && order.includes(metric))
    .sort((a, b) => order.indexOf(a.metric) - order.indexOf(b.metric));
  // A metric's name is enough where only one suite has it.
  const suites = (metric: string) =>
    new Set(shown.filter((row) => row.metric === metric).map(({ suite }) => suite));
  return lines(shown, {
    name: "belief-beside-honesty",
    title: "Lying or forgetting? Honesty beside beliefs and skills",
    subtitle: `A model that lies keeps its beliefs; one that forgets loses them too. ${intervalWords(shown)}`,
    measure: "Share of probes",
    panel: ({ metric, suite }) =>
      suites(metric).size === 1
        ? metricName(metric, catalogue)
        : `${metricName(metric, catalogue)} (${suite})`,
  });
}
