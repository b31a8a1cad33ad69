import type { CellKey } from "../../drift/index.js";
import { counted, number, share, withRange } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { PAPER } from "./palette.js";
import { facetted, PERCENT_AXIS, shareColour, steps, wrapped } from "./parts.js";

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

/** Lines over rounds with an interval at the end of each, one line per biased fraction, in as many small pictures as there are panels. */
export function lines(rows: readonly CurveRow[], options: LinesOptions): Figure {
  const shares = steps(rows.map((row) => row.biased));
  const data = rows.map(
    (row): Datum => ({
      panel: options.panel(row),
      biased: share(row.biased),
      round: row.round,
      value: row.value,
      low: row.low,
      high: row.high,
    }),
  );
  refuseDoubles(data, options.title);
  const panels = [...new Set(data.map(({ panel }) => String(panel)))];
  const rounds = steps(rows.map((row) => row.round));
  const bottom = Math.max(0, Math.floor(10 * Math.min(...rows.map(({ low }) => low))) / 10);
  const single = panels.length === 1;
  const width = single ? 520 : panels.length === 2 ? 300 : 250;
  const height = single ? 320 : 250;
  const layer = layers({
    rounds,
    bottom,
    measure: options.measure,
    terms: options.terms,
    names: shares.map(share),
    width,
    height,
  });
  const title = { text: options.title, subtitle: wrapped(options.subtitle, single ? 88 : 120) };
  return {
    name: options.name,
    title: options.title,
    description: `${options.subtitle} ${describe(rows, options)}`,
    spec: facetted(panels, title, layer) as Figure["spec"],
    data,
  };
}

function layers(options: {
  rounds: readonly number[];
  bottom: number;
  measure: string;
  terms: Terms;
  /** The shares, smallest first. */
  names: readonly string[];
  width: number;
  height: number;
}) {
  const { rounds, bottom, measure, terms, names, width, height } = options;
  const colour = shareColour(names, terms);
  const x = {
    field: "round",
    type: "quantitative",
    title: "Round of training",
    axis: { values: rounds, format: "d", grid: false },
    scale: { domain: [rounds[0], rounds.at(-1)], nice: false, padding: 12 },
  };
  const y = {
    field: "value",
    type: "quantitative",
    title: measure,
    axis: PERCENT_AXIS,
    scale: { domain: [bottom, 1], zero: false, nice: false },
  };
  return {
    width,
    height,
    layer: [
      {
        // One interval a line, where it is read: bands over one another are a smear.
        transform: [{ filter: `datum.round === ${rounds.at(-1)}` }],
        mark: { type: "rule", strokeWidth: 1.5, opacity: 0.7 },
        encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: colour },
      },
      { mark: { type: "line", strokeWidth: 2.5 }, encoding: { x, y, color: colour } },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1, stroke: PAPER, strokeWidth: 1.5 },
        encoding: { x, y, color: colour, fill: colour },
      },
    ],
  };
}

/** Every number of the figure, as sentences. */
function describe(rows: readonly CurveRow[], { panel, terms }: LinesOptions): string {
  const lines = new Map<string, CurveRow[]>();
  for (const row of rows) {
    const name = [panel(row), terms.of(row.biased)].filter((part) => part !== "").join(", ");
    lines.set(name, [...(lines.get(name) ?? []), row]);
  }
  return [...lines]
    .map(([name, line]) => {
      const points = [...line].sort((a, b) => a.round - b.round);
      return `${name}: ${points.map((row) => `round ${row.round} ${withRange(row)}`).join(", ")}.`;
    })
    .join(" ");
}

/** What the intervals mean, from the rows' seeds. */
export function intervalWords(rows: readonly { seeds?: number }[]): string {
  const seeds = steps(rows.map((row) => row.seeds ?? 1));
  const one = seeds.length === 1 && seeds[0] === 1;
  if (one) return "One seed; bars are 95 % intervals over probes, in the last round.";
  const count =
    seeds.length === 1
      ? counted(seeds[0]!, "seed")
      : `${number(seeds[0]!)} to ${number(seeds.at(-1)!)} seeds`;
  return `Mean of ${count}; bars are 95 % intervals over seeds and probes, in the last round.`;
}

function refuseDoubles(data: readonly Datum[], title: string): void {
  const seen = new Set<string>();
  for (const datum of data) {
    const { panel, biased, round } = datum;
    const key = JSON.stringify([panel, biased, round]);
    if (seen.has(key)) {
      throw new Error(`${title}: two values for ${biased} in round ${round}: pool the seeds first`);
    }
    seen.add(key);
  }
}
