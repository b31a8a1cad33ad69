import type { Datum } from "./figure.js";
import { steps } from "./parts.js";
import { textWidth } from "./text-width.js";

/** A point of a line: the mean over runs that differ by their seed alone. */
export type LinePoint = {
  /** The line's name; lines of one name in several pictures have one colour. */
  line: string;
  /** The small picture that it belongs to; "" for one picture. */
  panel: string;
  round: number;
  value: number;
  low: number;
  high: number;
};

/** A point of one run of a line. */
export type RunPoint = Pick<LinePoint, "line" | "panel" | "round" | "value"> & { run: string };

export type RunsFigureOptions = {
  name: string;
  title: string;
  /** What the numbers are, under the title. */
  subtitle: string;
  /** What stands on the y axis. */
  measure: string;
  /** The last round that is planned: the axis reaches to it from the beginning, so that it holds still while runs go on. */
  rounds: number;
  /** Whether the names of the lines are steps of one scale, in their order. */
  scale: boolean;
  /** Drawn for a column of 360 pixels instead of 700. */
  narrow: boolean;
  /** The small pictures in their order; as the points come if absent. */
  panels?: readonly string[];
  /** Whether the values are shares or differences of shares; where all lie from 0 to 1 if absent. */
  shares?: boolean | undefined;
};

/** What a figure's rows stand for. */
export type Kind = "run" | "mean" | "interval" | "label";

/** Where everything in a figure of runs stands. */
export type Placed = {
  data: Datum[];
  panels: string[];
  columns: number;
  /** Of one picture, between its axes, in pixels. */
  width: number;
  height: number;
  /** Whether names stand at the ends of lines; a legend has them otherwise. */
  direct: boolean;
  /** Columns of the legend. */
  legend: number;
  ticks: number[];
  /** Of the y axis. */
  domain: [low: number, high: number];
  /** Whether the axis has percent. */
  shares: boolean;
};

/** More lines than this have no room for names at their ends. */
const MOST_NAMES = 8;
/** More thin lines than this are a smear. */
const MOST_RUNS = 60;
const LETTERS = 12;
/** Helvetica's widths are a little less than those of the letters that stand in for it. */
const WIDER = 1.2;

type LayoutOptions = Pick<RunsFigureOptions, "rounds" | "narrow" | "panels" | "shares">;

/** Lays a figure out in its width. Intervals stand side by side just after the last round, and names beside them. */
export function placed(
  points: readonly LinePoint[],
  runs: readonly RunPoint[],
  { rounds, narrow, panels: ordered, shares }: LayoutOptions,
): Placed {
  const panels = [...new Set(ordered ?? points.map(({ panel }) => panel))];
  const columns = narrow ? 1 : Math.min(2, panels.length);
  const names = [...new Set(points.map(({ line }) => line))];
  const outer = narrow ? 352 : Math.floor(690 / columns);
  const longest = Math.max(0, ...names.map((name) => WIDER * textWidth(name, LETTERS, true)));
  const direct = names.length <= MOST_NAMES && longest < outer * (narrow ? 0.28 : 0.3);
  const beside = 12 + 7 * names.length + (direct ? longest : 0);
  const width = Math.round(outer - (narrow ? 70 : 84) - beside);
  const height = narrow ? 230 : columns > 1 ? 230 : 310;
  const domain = domainOf(points, runs);
  const perPixel = Math.max(1, rounds) / width;
  const ends = panels.flatMap((panel) => {
    const last = lastPoints(points.filter((point) => point.panel === panel));
    const at = apart(
      last.map(({ value }) => value),
      ((LETTERS + 3) * (domain[1] - domain[0])) / height,
      domain,
    );
    return last.flatMap((point, index): Datum[] => [
      row("interval", { ...point, round: point.round + (9 + 7 * index) * perPixel }),
      ...(direct
        ? [
            row("label", {
              ...point,
              round: point.round + (14 + 7 * last.length) * perPixel,
              value: at[index]!,
            }),
          ]
        : []),
    ]);
  });
  const seeds = new Set(runs.map(({ run }) => run)).size;
  const thin = seeds > names.length && seeds <= MOST_RUNS ? runs : [];
  return {
    data: [...thin.map((point) => row("run", point)), ...points.map((point) => row("mean", point)), ...ends],
    panels,
    columns,
    width,
    height,
    direct,
    legend: !narrow && 2 * longest < 560 ? 2 : 1,
    ticks: ticksTo(rounds, narrow ? 5 : 9),
    domain,
    shares: shares ?? [...points, ...runs].every(({ value }) => value >= 0 && value <= 1),
  };
}

function row(kind: Kind, point: Partial<LinePoint> & Partial<RunPoint>): Datum {
  return { kind, ...point };
}

/** The last point of every line, highest first. */
function lastPoints(points: readonly LinePoint[]): LinePoint[] {
  const last = new Map<string, LinePoint>();
  for (const point of points) {
    const key = JSON.stringify([point.panel, point.line]);
    const known = last.get(key);
    if (!known || known.round < point.round) last.set(key, point);
  }
  return [...last.values()].sort((a, b) => b.value - a.value);
}

/** Places for names, near their values but at least `gap` apart; `values` fall. */
function apart(values: readonly number[], gap: number, [low]: Placed["domain"]): number[] {
  const at: number[] = [];
  for (const value of values) at.push(Math.min(value, (at.at(-1) ?? Number.POSITIVE_INFINITY) - gap));
  // What has been pushed out at the foot is pushed up again, with what is in its way.
  for (let index = at.length - 1, floor = low; index >= 0; index -= 1, floor = at[index + 1]! + gap)
    at[index] = Math.max(at[index]!, floor);
  return at;
}

/** Tens of percent that hold what is drawn, at least a fifth: near enough to see, and still while runs go on. */
function domainOf(points: readonly LinePoint[], runs: readonly RunPoint[]): Placed["domain"] {
  const values = [
    ...[...runs, ...points].map(({ value }) => value),
    ...lastPoints(points).flatMap(({ low, high }) => [low, high]),
  ];
  let low = Math.floor(10 * Math.min(...values) + 1e-9) / 10;
  let high = Math.ceil(10 * Math.max(...values) - 1e-9) / 10;
  if (high - low < 0.2) {
    if (high >= 0.9) low = high - 0.2;
    else high = low + 0.2;
  }
  return [low, high];
}

/** Whole rounds from 0 on, so many at most. */
function ticksTo(rounds: number, most: number): number[] {
  const stride = Math.max(1, Math.ceil(rounds / (most - 1)));
  return steps([...Array(Math.floor(rounds / stride) + 1).keys()].map((at) => at * stride));
}
