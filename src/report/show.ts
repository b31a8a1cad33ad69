import type { PooledRow } from "../drift/index.js";
import { pooled } from "../drift/index.js";
import { headline, metricName, percent } from "./figures/index.js";
import { readSource } from "./source/read.js";
import { terminalCurves } from "./terminal.js";

/** A run's or sweep's pooled numbers, and its curves of honesty as text, one picture per suite, scenario and method. */
export async function showRun(
  folder: string,
  colour: boolean,
): Promise<{ rows: PooledRow[]; curves: string }> {
  const { runs } = await readSource(folder);
  const rows = pooled(runs.flatMap(({ observations }) => observations));
  const pictures = new Map<string, PooledRow[]>();
  for (const row of headline(rows)) {
    const title = `${metricName(row.metric)} (${row.suite}), ${row.scenario}, ${row.method}`;
    pictures.set(title, [...(pictures.get(title) ?? []), row]);
  }
  const curves = [...pictures].map(([title, picture]) => {
    const fractions = [...new Set(picture.map(({ biased }) => biased))];
    const lines = fractions.map((biased) => ({
      label: `${percent(biased)} biased`,
      points: picture.filter((row) => row.biased === biased),
    }));
    return `${title}\n\n${terminalCurves(lines, colour)}`;
  });
  return { rows, curves: curves.join("\n\n") };
}
