import type { Grid, PooledRow } from "../drift/index.js";
import type { Line } from "./figure-points.js";
import type { ReportSource } from "./source/read.js";

/** The cells of a report as lines over rounds: what differs between runs in their biased fraction alone stands in one. */
export function linesOf({ runs }: ReportSource, pooled: readonly PooledRow[], grid: Grid): Line[] {
  const lines = new Map<string, Line>();
  const methods = new Set(pooled.map(({ method }) => method)).size;
  for (const row of pooled) {
    const key = grid.line(row);
    const { scenario, method } = row;
    const name = [grid.apart(row), methods > 1 ? method : ""].filter((part) => part !== "").join(", ");
    const line = lines.get(key) ?? { scenario, axes: grid.named(row), method, name, rows: [], runs: [] };
    line.rows.push(row);
    lines.set(key, line);
  }
  for (const run of runs) {
    const seen = run.observations[0];
    if (seen) lines.get(grid.line(seen))?.runs.push(run);
  }
  return [...lines.values()];
}
