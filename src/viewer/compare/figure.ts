import {
  type Figure,
  haveBands,
  intervalWords,
  lines,
  metricName,
  percent,
  render,
  themed,
  themeVariables,
} from "../../report/index.js";
import type { ComparedRow } from "./compare.js";

/** Lines of one metric over rounds, one for each label; cases in a picture for each share of biased users. */
export function comparedFigure(
  rows: readonly ComparedRow[],
  { metric, suite }: { metric: string; suite: string },
): Figure {
  const name = metricName(metric);
  const byCase = rows.every(({ line }) => line !== undefined);
  const nameOf = ({ line, label }: ComparedRow) => line ?? label;
  const bands = haveBands(rows.map(nameOf));
  const byShare = rows.every(({ label }) => /^[\d.]+ % biased$/u.test(label));
  return lines(rows, {
    name: "compared",
    title: `${name} by round (${suite})`,
    subtitle: intervalWords(rows, bands),
    measure: name,
    bands,
    panel: ({ biased }) => (byCase ? `${percent(biased)} biased` : ""),
    ...(byShare
      ? {}
      : { series: { title: byCase ? "Cases" : "Runs", of: (row) => nameOf(row as ComparedRow) } }),
  });
}

/** A figure as an SVG file that follows the reader's light or dark theme by itself. */
export async function themedFile(figure: Figure): Promise<string> {
  const svg = themed(await render(figure));
  const style = `<style>:root{${themeVariables("light")}}@media(prefers-color-scheme:dark){:root{${themeVariables("dark")}}}</style>`;
  return svg.replace(/<svg\b[^>]*>/u, (open) => open + style);
}
