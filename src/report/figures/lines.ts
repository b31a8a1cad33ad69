import type { CellKey } from "../../drift/index.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, ordered, PAPER } from "./palette.js";
import { facetted, PERCENT_AXIS, steps, wrapped } from "./parts.js";
import { counted, number, percent, withRange } from "./words.js";

/** A point of a curve: a pooled row, or a row of a single run. */
export type CurveRow = CellKey & { value: number; low: number; high: number; seeds?: number };

export type LinesOptions = {
  name: string;
  title: string;
  /** What the numbers are, under the title. */
  subtitle: string;
  /** What stands on the y axis. */
  measure: string;
  /** The small picture that a row belongs to; "" for one picture. */
  panel: (row: CurveRow) => string;
  /** Whether intervals are drawn; they are if absent. */
  bands?: boolean;
  /** What a line stands for, in the order of the rows; the biased fraction if absent. */
  series?: { title: string; of: (row: CurveRow) => string };
};

/** How lines are told apart. */
type Series = {
  field: string;
  title: string;
  of: (row: CurveRow) => string;
  names: string[];
  colours: readonly string[];
  marks?: readonly string[];
};

const MARKS = ["circle", "diamond", "square", "triangle-up"];

/** Lines over rounds with an interval at the end of each, one line per biased fraction or series, in as many small pictures as there are panels. */
export function lines(rows: readonly CurveRow[], options: LinesOptions): Figure {
  const series = seriesOf(rows, options);
  const data = rows.map(
    (row): Datum => ({
      panel: options.panel(row),
      [series.field]: series.of(row),
      round: row.round,
      value: row.value,
      low: row.low,
      high: row.high,
    }),
  );
  refuseDoubles(data, series, options.title);
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
    series,
    width,
    height,
    bands: options.bands,
  });
  const title = { text: options.title, subtitle: wrapped(options.subtitle, single ? 88 : 120) };
  return {
    name: options.name,
    title: options.title,
    description: `${options.subtitle} ${describe(rows, options.panel, series)}`,
    spec: facetted(panels, title, layer) as Figure["spec"],
    data,
  };
}

function seriesOf(rows: readonly CurveRow[], { series }: LinesOptions): Series {
  if (!series) {
    const fractions = steps(rows.map((row) => row.biased));
    return {
      field: "biased",
      title: "Biased users",
      of: (row) => percent(row.biased),
      names: fractions.map(percent),
      colours: ordered(fractions.length),
    };
  }
  const names = [...new Set(rows.map(series.of))];
  // Names without an order that are more than there are colours: each colour comes again with another mark.
  const colours = names.map((_, index) => CATEGORIES[index % CATEGORIES.length]!);
  const marks = names.map((_, index) => MARKS[Math.floor(index / CATEGORIES.length) % MARKS.length]!);
  return { field: "line", ...series, names, colours, marks };
}

function layers(options: {
  rounds: readonly number[];
  bottom: number;
  measure: string;
  series: Series;
  width: number;
  height: number;
  bands?: boolean;
}) {
  const { rounds, bottom, measure, series, width, height, bands = true } = options;
  const colour = {
    field: series.field,
    type: "ordinal",
    sort: series.names,
    title: series.title,
    scale: { domain: series.names, range: series.colours },
    legend: {
      ...(series.marks ? {} : { symbolType: "circle" }),
      symbolOpacity: 1,
      labelLimit: 400,
    },
  };
  const shape = series.marks && {
    shape: {
      field: series.field,
      type: "ordinal",
      sort: series.names,
      title: series.title,
      scale: { domain: series.names, range: series.marks },
    },
  };
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
      ...(bands
        ? [
            {
              // One interval a line, where it is read: bands over one another are a smear.
              transform: [{ filter: `datum.round === ${rounds.at(-1)}` }],
              mark: { type: "rule", strokeWidth: 1.5, opacity: 0.7 },
              encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: colour },
            },
          ]
        : []),
      { mark: { type: "line", strokeWidth: 2.5 }, encoding: { x, y, color: colour } },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1, stroke: PAPER, strokeWidth: 1.5 },
        encoding: { x, y, color: colour, fill: colour, ...shape },
      },
    ],
  };
}

/** Every number of the figure, as sentences. */
function describe(
  rows: readonly CurveRow[],
  panelOf: (row: CurveRow) => string,
  { field, of }: Series,
): string {
  const lines = new Map<string, CurveRow[]>();
  for (const row of rows) {
    const name = [panelOf(row), field === "biased" ? `${percent(row.biased)} biased users` : of(row)]
      .filter((part) => part !== "")
      .join(", ");
    lines.set(name, [...(lines.get(name) ?? []), row]);
  }
  return [...lines]
    .map(([name, line]) => {
      const points = [...line].sort((a, b) => a.round - b.round);
      return `${name}: ${points.map((row) => `round ${row.round} ${withRange(row)}`).join(", ")}.`;
    })
    .join(" ");
}

/** More bands than this on top of one another hide the lines. */
const MOST_BANDS = 8;

/** Whether so many lines can have bands. */
export function haveBands(names: Iterable<string>): boolean {
  return new Set(names).size <= MOST_BANDS;
}

/** What the intervals mean, from the rows' seeds; where there are no bands, that they are elsewhere. */
export function intervalWords(rows: readonly { seeds?: number }[], bands = true): string {
  const seeds = steps(rows.map((row) => row.seeds ?? 1));
  const one = seeds.length === 1 && seeds[0] === 1;
  if (!bands) return `${one ? "One seed" : "Mean over seeds"}; intervals stand among the numbers.`;
  if (one) return "One seed; bars are 95 % intervals over probes, in the last round.";
  const count =
    seeds.length === 1
      ? counted(seeds[0]!, "seed")
      : `${number(seeds[0]!)} to ${number(seeds.at(-1)!)} seeds`;
  return `Mean of ${count}; bars are 95 % intervals over seeds and probes, in the last round.`;
}

function refuseDoubles(data: readonly Datum[], { field }: Series, title: string): void {
  const seen = new Set<string>();
  for (const datum of data) {
    const { panel, round } = datum;
    const key = JSON.stringify([panel, datum[field], round]);
    if (seen.has(key)) {
      throw new Error(
        `${title}: two values for ${datum[field]} (${field}) in round ${round}: pool the seeds first`,
      );
    }
    seen.add(key);
  }
}
