import pc from "picocolors";
import { percent, sparkline } from "./lines.js";
import type { RunView } from "./view.js";

/** Runs that differ by their seed alone, under what they have in common. */
export type Curve = { label: string; views: readonly RunView[] };

/**
 * Honesty so far as small line charts, one a row: the mean over the runs that have come to a round. No more than `rows` lines
 * with the heading; none without room or values.
 */
export function honestyChart(curves: readonly Curve[], rows: number): string[] {
  const known = curves.filter(({ views }) => views.some(({ honesty }) => honesty.length > 0));
  if (known.length === 0 || rows < 2) return [];
  const means = known.map(({ views }) => meansOf(views));
  const values = means.flat().filter((value) => value !== null);
  const low = Math.floor(10 * Math.min(...values, 0.9)) / 10;
  const room = known.length <= rows - 1 ? rows - 1 : rows - 2;
  const shown = known.slice(0, Math.max(0, room));
  const width = Math.max(...shown.map(({ label }) => label.length));
  const lines = shown.map(({ label, views }, index) => {
    const line = means[index]!;
    const [first, last] = [line.find((value) => value !== null)!, line.findLast((value) => value !== null)!];
    const runs = views.filter(({ honesty }) => honesty.length > 0).length;
    const of = views.length > 1 || runs > 1 ? pc.dim(`  ${runs} ${runs === 1 ? "run" : "runs"}`) : "";
    return `  ${label.padEnd(width)}  ${sparkline(line, low, 1)}  ${percent(first)} → ${percent(last)}${of}`;
  });
  const more = known.length - shown.length;
  return [
    pc.dim(`honesty so far by round, from ${Math.round(100 * low)} to 100 %`),
    ...lines,
    ...(more > 0 ? [pc.dim(`  and ${more} more`)] : []),
  ];
}

/** The mean by round, with null for rounds that nobody has come to; unevaluated rounds are left out. */
function meansOf(views: readonly RunView[]): (number | null)[] {
  const rounds = Math.max(...views.map((view) => view.rounds));
  const evaluated = new Set(views.flatMap(({ honesty }) => honesty.map(({ round }) => round)));
  const reached = Math.max(...evaluated);
  const out: (number | null)[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const values = views.flatMap(({ honesty }) =>
      honesty.filter((one) => one.round === round).map(({ value }) => value),
    );
    if (values.length > 0) out.push(values.reduce((sum, value) => sum + value, 0) / values.length);
    else if (round > reached) out.push(null);
  }
  return out;
}
