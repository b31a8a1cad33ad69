import type { PooledRow } from "../../drift/index.js";
import {
  type Figure,
  intervalWords,
  lines,
  metricName,
  render,
  themed,
  themeVariables,
} from "../../report/index.js";

type Row = PooledRow & { label: string };

/** Lines of one metric over rounds, one for each label. */
export function comparedFigure(
  rows: readonly Row[],
  { metric, suite }: { metric: string; suite: string },
): Figure {
  const name = metricName(metric);
  const byShare = rows.every(({ label }) => /^[\d.]+ % biased$/u.test(label));
  return lines(rows, {
    name: "compared",
    title: `${name} by round (${suite})`,
    subtitle: intervalWords(rows),
    measure: name,
    panel: () => "",
    ...(byShare ? {} : { series: { title: "Runs", of: (row) => (row as Row).label } }),
  });
}

/** A figure as an SVG file that follows the reader's light or dark theme by itself. */
export async function themedFile(figure: Figure): Promise<string> {
  const svg = themed(await render(figure));
  const style = `<style>:root{${themeVariables("light")}}@media(prefers-color-scheme:dark){:root{${themeVariables("dark")}}}</style>`;
  return svg.replace(/<svg\b[^>]*>/u, (open) => open + style);
}
