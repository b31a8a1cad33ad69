import { axesText, joined } from "./groups.js";
import type { Axes, CellId } from "./types.js";

/** The axis that has a column of its own. */
const METHOD = "training.method";
/** Axes that may say how many users are biased, or how many rows are misaligned. */
const SHARE = /^(?:population\.personas\.[^.]+|source\.share)$/u;

const keys = new WeakMap<Axes, string>();

/** Names a cell: runs that differ by their seed alone have it in common, all others are apart. */
export function cellKey({ scenario, axes, method, biased }: CellId): string {
  return joined(scenario, keyOf(axes), method, biased);
}

/** Whether two rows are of one cell, whatever their rounds, suites and metrics. */
export function isCell(one: CellId, other: CellId): boolean {
  return (
    one.scenario === other.scenario &&
    one.method === other.method &&
    one.biased === other.biased &&
    keyOf(one.axes) === keyOf(other.axes)
  );
}

/** A row's cell alone. */
export function cellIn({ scenario, axes, method, biased }: CellId): CellId {
  return { scenario, axes, method, biased };
}

/** How the cells of an experiment lie to one another. */
export type Grid = {
  /** The axis that sets the share of biased users (or misaligned rows), where one does. */
  share: string | null;
  /** Names the line that a cell lies on: what it has in common with those that differ from it by share and seed alone. */
  line: (cell: CellId) => string;
  /** The cell at share 0 on the same line; null where none was measured. */
  control: (cell: CellId) => CellId | null;
  /** The axes that neither the share nor the method says. */
  named: (cell: Pick<CellId, "axes">) => Axes;
  /** The scenario's name with its case and those axes, e.g. `default training.learning_rate=0.01`. */
  name: (cell: Pick<CellId, "scenario" | "axes">) => string;
  /** That name, but for a scenario's that all cells have in common; "" where nothing but share and method tells them apart. */
  apart: (cell: Pick<CellId, "scenario" | "axes">) => string;
};

/** The grid that cells, or rows of them, make up. */
export function gridOf(rows: Iterable<CellId>): Grid {
  const cells = new Map<string, CellId>();
  for (const row of rows) {
    const key = cellKey(row);
    if (!cells.has(key)) cells.set(key, row);
  }
  const share = shareAxis([...cells.values()]);
  const named = ({ axes }: Pick<CellId, "axes">) => without(axes, share);
  const line = ({ scenario, axes, method }: CellId) => joined(scenario, keyOf(without(axes, share)), method);
  const controls = new Map<string, CellId>();
  for (const cell of cells.values())
    if (cell.biased === 0 && !controls.has(line(cell))) controls.set(line(cell), cellIn(cell));
  const name = (cell: Pick<CellId, "scenario" | "axes">) =>
    `${cell.scenario} ${axesText(named(cell))}`.trimEnd();
  const isOneScenario = new Set([...cells.values()].map(({ scenario }) => scenario)).size === 1;
  return {
    share,
    line,
    control: (cell) => controls.get(line(cell)) ?? null,
    named,
    name,
    apart: (cell) => (isOneScenario ? axesText(named(cell)) : name(cell)),
  };
}

/** The first axis of which every value gives another share, everything else being equal. */
function shareAxis(cells: readonly CellId[]): string | null {
  const paths = new Set(cells.flatMap(({ axes }) => Object.keys(axes)));
  const sets = (path: string): boolean => {
    const shares = new Map<string, Set<number>>();
    return cells.every((cell) => {
      const key = joined(cell.scenario, keyOf(without(cell.axes, path)), cell.method);
      const seen = shares.get(key) ?? new Set();
      shares.set(key, seen);
      return seen.size !== seen.add(cell.biased).size;
    });
  };
  const setting = [...paths].filter((path) => SHARE.test(path) && sets(path));
  const varies = (path: string) => new Set(cells.map(({ axes }) => axes[path])).size > 1;
  return setting.find(varies) ?? setting[0] ?? null;
}

const shortened = new WeakMap<Axes, Map<string | null, Axes>>();

/** Kept, so that equal axes are looked up and not written out for every row. */
function without(axes: Axes, share: string | null): Axes {
  const known = shortened.get(axes) ?? new Map<string | null, Axes>();
  shortened.set(axes, known);
  const before = known.get(share);
  if (before) return before;
  const rest = Object.fromEntries(Object.entries(axes).filter(([path]) => path !== METHOD && path !== share));
  known.set(share, rest);
  return rest;
}

function keyOf(axes: Axes): string {
  const known = keys.get(axes);
  if (known !== undefined) return known;
  const key = JSON.stringify(Object.entries(axes).sort(([a], [b]) => (a < b ? -1 : 1)));
  keys.set(axes, key);
  return key;
}
