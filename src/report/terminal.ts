import { styleText } from "node:util";
import { number } from "../numbers.js";

/** A curve over rounds: `values` by round. */
export type TerminalCurve = { label: string; points: readonly { round: number; value: number }[] };

const STEP = 10;
const COLOURS = ["blue", "cyan", "magenta", "yellow", "red", "green"] as const;
const MARKS = "●■▲◆▼○□△◇▽";

/**
 * Curves as text: percent upwards, rounds rightwards, each curve with a mark and (where `colour`) a colour of its own. Where
 * marks fall on one another the later curve's is seen, and a line says so: else a curve would seem to be missing.
 */
export function terminalCurves(
  curves: readonly TerminalCurve[],
  colour: boolean,
  /** Whether values are shares, in [0, 1]; others are told as they are. */
  isShare = true,
): string {
  const all = curves.flatMap(({ points }) => points);
  if (all.length === 0) return "";
  const rounds = Math.max(...all.map(({ round }) => round));
  const values = all.map(({ value }) => value);
  const { bottom, top, height, labelled } = isShare ? shareScale(values) : anyScale(values);
  const rowOf = (value: number) => Math.round(((top - value) / (top - bottom)) * height);
  const grid = Array.from({ length: height + 1 }, () => Array<string>(rounds * STEP + 1).fill(" "));
  curves.forEach(({ points }, index) => {
    const paint = painter(index, colour);
    const sorted = [...points].sort((a, b) => a.round - b.round);
    sorted.slice(1).forEach((point, at) => {
      line(grid, sorted[at]!, point, rowOf, paint);
    });
  });
  const marked = new Set<string>();
  let met = false;
  curves.forEach(({ points }, index) => {
    const mark = painter(index, colour)(MARKS[index % MARKS.length]!);
    for (const { round, value } of points) {
      const at = `${rowOf(value)}/${round}`;
      met ||= marked.has(at);
      marked.add(at);
      grid[rowOf(value)]![round * STEP] = mark;
    }
  });
  const rows = grid.map((cells, row) => {
    const value = top - (row / height) * (top - bottom);
    const label = row % labelled === 0 ? (isShare ? `${Math.round(100 * value)} %` : number(value, 2)) : "";
    return `${label.padStart(6)} ┤ ${cells.join("").trimEnd()}`;
  });
  const ticks = Array.from({ length: rounds + 1 }, (_, round) => String(round).padEnd(STEP)).join("");
  const legend = curves.map(
    ({ label }, index) => `${painter(index, colour)(MARKS[index % MARKS.length]!)} ${label}`,
  );
  return [
    ...rows,
    `${" ".repeat(9)}${ticks.trimEnd()}  round`,
    "",
    `${" ".repeat(9)}${legend.join("   ")}`,
    ...(met ? [`${" ".repeat(9)}where curves meet, the last one's mark is seen`] : []),
  ].join("\n");
}

/** Where a picture begins and ends, how many rows it has, and of how many one is labelled. */
type Scale = { bottom: number; top: number; height: number; labelled: number };

function shareScale(values: readonly number[]): Scale {
  const bottom = Math.floor(10 * Math.min(...values, 0.9)) / 10;
  const top = Math.min(1, Math.max(bottom + 0.1, Math.ceil(10 * Math.max(...values)) / 10));
  // As many rows for ten points as fit a screen, so that every label is a round number.
  const tens = Math.round(10 * (top - bottom));
  const labelled = tens <= 2 ? 6 : tens <= 4 ? 4 : 2;
  return { bottom, top, height: tens * labelled, labelled };
}

function anyScale(values: readonly number[]): Scale {
  const bottom = Math.floor(10 * Math.min(...values)) / 10;
  const top = Math.max(bottom + 0.1, Math.ceil(10 * Math.max(...values)) / 10);
  return { bottom, top, height: 12, labelled: 3 };
}

function line(
  grid: string[][],
  from: { round: number; value: number },
  to: { round: number; value: number },
  rowOf: (value: number) => number,
  paint: (text: string) => string,
): void {
  const [start, end] = [from.round * STEP, to.round * STEP];
  for (let x = start + 1; x < end; x += 1) {
    const value = from.value + ((x - start) / (end - start)) * (to.value - from.value);
    grid[rowOf(value)]![x] = paint("·");
  }
}

function painter(index: number, colour: boolean): (text: string) => string {
  return (text) =>
    colour ? styleText(COLOURS[index % COLOURS.length]!, text, { validateStream: false }) : text;
}
