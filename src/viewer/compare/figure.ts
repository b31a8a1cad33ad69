import {
  type Figure,
  type LinePoint,
  type RunPoint,
  render,
  runsFigure,
  themed,
  themeVariables,
} from "../../report/index.js";
import type { ComparedRow, RunValue } from "./compare.js";

/** What a figure shows. */
export type Shown = {
  /** What people call the metric and the suite. */
  metric: string;
  suite: string;
  /** The last round that is planned. */
  rounds: number;
};

/** Lines of one metric over rounds, one for each label; cases in a picture for each share of biased users. */
export function comparedFigure(
  rows: readonly ComparedRow[],
  runs: readonly RunValue[],
  { metric, suite, rounds }: Shown,
  narrow: boolean,
): Figure {
  const byCase = rows.every(({ line }) => line !== undefined);
  const places = new Map(rows.map((row) => [row.label, placeOf(row, byCase)]));
  const points = rows.map((row): LinePoint => ({ ...valuesOf(row), ...places.get(row.label)! }));
  const thin = runs.map(({ label, run, round, value }): RunPoint => {
    return { run, round, value, ...places.get(label)! };
  });
  return runsFigure(points, thin, {
    name: "compared",
    title: `${metric} by round (${suite})`,
    subtitle: words(rows),
    measure: metric,
    rounds,
    scale: rows.every(({ byShare }) => byShare),
    narrow,
  });
}

function placeOf({ line, label, share }: ComparedRow, byCase: boolean): Pick<LinePoint, "line" | "panel"> {
  return byCase ? { line: line!, panel: share } : { line: label, panel: "" };
}

function valuesOf({ round, value, low, high }: ComparedRow) {
  return { round, value, low, high };
}

function words(rows: readonly ComparedRow[]): string {
  const most = Math.max(...rows.map(({ seeds }) => seeds));
  const bar = "the bar at the end is the 95 % interval of the last round";
  if (most === 1) return `One run a line; ${bar}, over probes.`;
  return `Thick: the mean over seeds; thin: each seed; ${bar}, over seeds and probes.`;
}

/** A figure as an SVG file that follows the reader's light or dark theme by itself. */
export async function themedFile(figure: Figure): Promise<string> {
  const svg = themed(await render(figure));
  const style = `<style>:root{${themeVariables("light")}}@media(prefers-color-scheme:dark){:root{${themeVariables("dark")}}}</style>`;
  return svg.replace(/<svg\b[^>]*>/u, (open) => open + style);
}
