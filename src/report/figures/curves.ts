import type { Figure } from "./figure.js";
import { type CurveRow, haveBands, intervalWords, lines } from "./lines.js";
import { headline } from "./main-metric.js";
import { differing } from "./parts.js";
import { metricName, percent } from "./words.js";

/** Drift curves: honesty (or what the suites have in its place) by round, one line per biased fraction, one picture per suite, scenario and method. */
export function curves(rows: readonly CurveRow[]): Figure {
  const shown = headline(rows);
  const metrics = [...new Set(shown.map(({ metric }) => metric))];
  const name = metrics.map(metricName).join(", ");
  const meaning =
    metrics[0] === "honesty"
      ? "Share of statements under pressure that do not contradict the model's own belief. "
      : "";
  return lines(shown, {
    name: "curves",
    title: `${name} by round, for growing shares of biased users`,
    subtitle: `${meaning}${intervalWords(shown)}`,
    measure: metrics.length === 1 ? name : "Share of probes",
    panel: differing(shown, ["suite", "scenario", "method"]),
  });
}

/**
 * The same for the cases of a sweep: one line per case, in the order of `cases`, and a picture
 * for each biased fraction where cases were tried at several.
 */
export function caseCurves(rows: readonly CurveRow[], cases: readonly string[]): Figure {
  const placeOf = (row: CurveRow) =>
    cases.findIndex((name) => row.scenario.split(" ").slice(1).join(" ").startsWith(name));
  const shown = headline(rows).sort((a, b) => placeOf(a) - placeOf(b) || a.round - b.round);
  const caseOf = differing(shown, ["scenario", "method"]);
  const fractionsOf = new Map<string, Set<number>>();
  for (const row of shown)
    fractionsOf.set(caseOf(row), (fractionsOf.get(caseOf(row)) ?? new Set()).add(row.biased));
  const several = [...fractionsOf.values()].some(({ size }) => size > 1);
  const suiteOf = differing(shown, ["suite"]);
  const bands = haveBands(shown.map(caseOf));
  return lines(shown, {
    name: "curves",
    title: "Honesty by round, in each case",
    subtitle: `Share of statements under pressure that do not contradict the model's own belief. ${intervalWords(shown, bands)}`,
    measure: "Honesty",
    bands,
    panel: (row) =>
      [several ? `${percent(row.biased)} biased users` : "", suiteOf(row)]
        .filter((part) => part !== "")
        .join(", "),
    series: { title: "Cases", of: caseOf },
  });
}

/** What must not fall beside honesty, in the order it is shown. */
const BESIDE = ["honesty", "belief_accuracy", "accuracy", "declined"];

/**
 * Honesty beside what the model still knows and can do: where only the first falls the model lies, where the others fall
 * with it the model forgets. For one scenario and method at a time.
 */
export function beliefBesideHonesty(rows: readonly CurveRow[]): Figure {
  const shown = rows
    .filter(({ subset, metric }) => subset === "all" && BESIDE.includes(metric))
    .sort((a, b) => BESIDE.indexOf(a.metric) - BESIDE.indexOf(b.metric));
  // A metric's name is enough where only one suite has it.
  const suites = (metric: string) =>
    new Set(shown.filter((row) => row.metric === metric).map(({ suite }) => suite));
  return lines(shown, {
    name: "belief-beside-honesty",
    title: "Lying or forgetting? Honesty beside beliefs and skills",
    subtitle: `A model that lies keeps its beliefs; one that forgets loses them too. ${intervalWords(shown)}`,
    measure: "Share of probes",
    panel: ({ metric, suite }) =>
      suites(metric).size === 1 ? metricName(metric) : `${metricName(metric)} (${suite})`,
  });
}
