import { gridOf } from "../drift/index.js";
import { spokenRows } from "../evaluation/index.js";
import type { Analysis } from "./analysis.js";
import { type CurveRow, caseLines, metricName } from "./figures/index.js";
import { type Outcome, readOutcome } from "./outcome.js";
import type { ReportSource } from "./source/read.js";
import { terminalCurves } from "./terminal.js";
import { termsOf } from "./terms.js";
import { unitOf } from "./unit.js";

/** What came of a run or sweep, and its curves of honesty as text. */
export async function showRun(folder: string, colour: boolean): Promise<Outcome & { curves: string }> {
  const outcome = await readOutcome(folder);
  const { source, analysis } = outcome;
  const { shown, title, label } = picturesOf(source, analysis);
  const pictures = new Map<string, Map<string, CurveRow[]>>();
  const others = new Set(shown.filter((row) => !unitOf(analysis, row).share).map(title));
  for (const row of shown) {
    const picture = pictures.get(title(row)) ?? new Map<string, CurveRow[]>();
    pictures.set(title(row), picture.set(label(row), [...(picture.get(label(row)) ?? []), row]));
  }
  const curves = [...pictures].map(
    ([title, lines]) =>
      `${title}\n\n${terminalCurves(
        [...lines].map(([label, points]) => ({ label, points })),
        colour,
        !others.has(title),
      )}`,
  );
  return { ...outcome, curves: curves.join("\n\n") };
}

type Pictures = {
  shown: readonly CurveRow[];
  title: (row: CurveRow) => string;
  label: (row: CurveRow) => string;
};

/** A picture per suite, scenario and method with a line per biased fraction; of a sweep with cases, a line per case. */
function picturesOf(
  { scenario, runs }: ReportSource,
  { pooled: rows, catalogue, ...spoken }: Analysis,
): Pictures {
  const terms = termsOf(scenario);
  const grid = gridOf(rows);
  const own = spokenRows(rows, catalogue, spoken);
  const metric = ({ metric, suite }: CurveRow) => `${metricName(metric, catalogue)} (${suite})`;
  if (new Set(runs.map(({ axes }) => axes.case)).size > 1) {
    const { rows: shown, line, panel } = caseLines(own, Object.keys(scenario.sweep.cases ?? {}), terms);
    const title = (row: CurveRow) =>
      [metric(row), scenario.name, panel(row)].filter((part) => part !== "").join(", ");
    return { shown, title, label: line };
  }
  return {
    shown: own,
    title: (row) => `${metric(row)}, ${grid.name(row)}, ${row.method}`,
    label: (row) => terms.label(row.biased),
  };
}
