import type { CellKey } from "../../drift/index.js";
import { counted, number, share } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Figure } from "./figure.js";
import { steps } from "./parts.js";
import { runsFigure } from "./runs.js";

/** A point of a curve: a pooled row, or a row of a single run. */
export type CurveRow = CellKey & { value: number; low: number; high: number; seeds?: number };

export type LinesOptions = {
  name: string;
  title: string;
  /** What the numbers are, under the title. */
  subtitle: string;
  /** What stands on the y axis. */
  measure: string;
  terms: Terms;
  /** The small picture that a row belongs to; "" for one picture. */
  panel: (row: CurveRow) => string;
};

/** Means over rounds, one line per biased fraction, in as many small pictures as there are panels. Wide and narrow. */
export function lines(rows: readonly CurveRow[], options: LinesOptions): Figure {
  const { panel, terms, ...words } = options;
  refuseDoubles(rows, options);
  // Smallest first: colours are given in this order.
  const points = [...rows]
    .sort((a, b) => a.biased - b.biased)
    .map((row) => {
      const { round, value, low, high } = row;
      return { line: terms.label(row.biased), panel: panel(row), round, value, low, high };
    });
  const rounds = Math.max(...rows.map(({ round }) => round));
  const panels = rows.map(panel);
  const draw = (narrow: boolean) =>
    runsFigure(points, [], { ...words, rounds, scale: true, narrow, panels, shares: true });
  return { ...draw(false), narrow: draw(true) };
}

/** What the intervals mean, from the rows' seeds. */
export function intervalWords(rows: readonly { seeds?: number }[]): string {
  const seeds = steps(rows.map((row) => row.seeds ?? 1));
  const one = seeds.length === 1 && seeds[0] === 1;
  if (one) return "One seed; the bars at the end are 95 % intervals over probes, in the last round.";
  const count =
    seeds.length === 1
      ? counted(seeds[0]!, "seed")
      : `${number(seeds[0]!)} to ${number(seeds.at(-1)!)} seeds`;
  return `Mean of ${count}; the bars at the end are 95 % intervals over seeds and probes, in the last round.`;
}

function refuseDoubles(rows: readonly CurveRow[], { panel, title }: LinesOptions): void {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = JSON.stringify([panel(row), row.biased, row.round]);
    if (seen.has(key)) {
      throw new Error(
        `${title}: two values for ${share(row.biased)} in round ${row.round}: pool the seeds first`,
      );
    }
    seen.add(key);
  }
}
