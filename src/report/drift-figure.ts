import { type CellId, cellKey } from "../drift/index.js";
import { leadingMetric, spokenRows } from "../evaluation/index.js";
import type { Analysis } from "./analysis.js";
import { caseLines, type Figure, type LinePoint, metricName, runsFigure } from "./figures/index.js";
import { differing } from "./figures/parts.js";
import { isTheSame } from "./same-values.js";
import { seedValues } from "./seed-values.js";
import type { ReportSource } from "./source/read.js";
import { type Terms, termsOf } from "./terms.js";
import { unitOf } from "./unit.js";

type LineRow = Parameters<ReturnType<typeof caseLines>["line"]>[0];

/** What the result speaks of by round, then the other ways to count honesty: each alone could mislead. Wide and narrow. */
export function driftFigures(source: ReportSource, analysis: Analysis): Figure[] {
  const { pooled, suite, metric, beside, catalogue } = analysis;
  const lead = suite === undefined ? metric : leadingMetric(pooled, suite, catalogue);
  const others = [...(lead === metric ? [] : [lead]), ...beside.map((one) => one.metric)];
  const told = others.filter((one) => !isTheSame(pooled, suite!, one, metric));
  return [undefined, ...told.map((one) => ({ suite: suite!, metric: one }))].map((measure) => ({
    ...driftFigure(source, analysis, false, measure),
    narrow: driftFigure(source, analysis, true, measure),
  }));
}

/**
 * What the result speaks of by round: honesty, or what the suites have in its place: a thin line for every seed, a thick one for their mean, one interval
 * at its end and its name beside it. Shares of biased users are the lines, or the cases of a sweep that compares some.
 */
export function driftFigure(
  { scenario, runs }: ReportSource,
  { pooled, catalogue, ...spoken }: Analysis,
  narrow = false,
  measure?: { suite: string; metric: string },
): Figure {
  const terms = termsOf(scenario);
  const compared = new Set(runs.map(({ axes }) => axes.case)).size > 1;
  // Another measure than the one that leads is drawn as if it were alone.
  const own = measure
    ? pooled.filter(
        ({ suite, subset, metric }) =>
          suite === measure.suite && metric === measure.metric && subset === "all",
      )
    : spokenRows(pooled, catalogue, spoken);
  const { rows, line, panel } = compared
    ? caseLines(own, Object.keys(scenario.sweep.cases ?? {}), terms)
    : shareLines(own, terms);
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const cells = new Map(rows.map((row) => [rowKey(row), row]));
  const seen = runs.flatMap(({ observations }) => observations);
  const thin = metrics
    .flatMap((metric) => seedValues(seen, metric))
    .flatMap((one) => {
      const row = cells.get(rowKey(one));
      return row
        ? [{ run: one.run, round: one.round, value: one.value, line: line(row), panel: panel(row) }]
        : [];
    });
  const points = rows.map(
    (row): LinePoint => ({
      line: line(row),
      panel: panel(row),
      round: row.round,
      value: row.value,
      low: row.low,
      high: row.high,
    }),
  );
  const names = metrics.map((metric) => metricName(metric, catalogue));
  return runsFigure(points, thin, {
    name: measure ? `curves-${measure.metric.replaceAll("_", "-")}` : "curves",
    title: `${names.join(", ")} by round${compared ? ", in each case" : ""}`,
    subtitle: words(rows, new Set(points.map((point) => point.line)).size),
    measure: names.length === 1 ? names[0]! : "Share of probes",
    rounds: scenario.rounds,
    scale: !compared,
    // One that lies between 0 and 1 by chance is no share.
    shares: rows.some((row) => !unitOf({ catalogue }, row).share) ? false : undefined,
    narrow,
  });
}

function shareLines(rows: readonly LineRow[], terms: Terms) {
  const panel = differing(rows, ["suite", "scenario", "method"]);
  const sorted = [...rows].sort((a, b) => a.biased - b.biased || a.round - b.round);
  return { rows: sorted, line: (row: LineRow) => terms.label(row.biased), panel };
}

function words(rows: readonly LineRow[], lines: number): string {
  const seeds = Math.max(...rows.map((row) => row.seeds ?? 1));
  const bar =
    lines > 1 ? "bars at the end are the 95 % intervals" : "the bar at the end is the 95 % interval";
  return seeds === 1
    ? `One seed a line; ${bar} of the last round, over probes.`
    : `Thick: the mean over seeds. Thin: each seed. The ${bar.replace(/^the /u, "")} of the last round, over seeds and probes.`;
}

function rowKey(row: CellId & { suite: string; metric: string }): string {
  return JSON.stringify([cellKey(row), row.suite, row.metric]);
}
