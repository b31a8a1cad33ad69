import { group } from "../group.js";
import { cellIn, gridOf } from "./cell.js";
import { draw } from "./draw.js";
import { effectOf } from "./effect.js";
import { groupSubsets, joined, orderBy, ROW_ORDER } from "./groups.js";
import { pValue, rangeOfChange, rangeOfValue } from "./interval.js";
import { cellOf, difference, type Frame, frameOf, type Table, tableOf } from "./table.js";
import type { CellId, CellKey, ChangeRow, Observation, PooledRow } from "./types.js";

/** `draws` of the bootstrap; 10,000 if absent. */
export type PoolOptions = { draws?: number };

const IN_ORDER = orderBy<CellKey>(ROW_ORDER);

/** A cell's table, with the names that make a row of it. */
export type CellTable = { key: CellKey; table: Table };

/**
 * Every cell's mean over its seeds (runs that differ by the seed alone), with a 95 % interval over seeds and probes:
 * how far another set of seeds and of probes could move the number. A single seed's interval is over the probes alone.
 * Throws if two runs of a cell have the same seed.
 */
export function pooled(observations: readonly Observation[], options: PoolOptions = {}): PooledRow[] {
  const cells = groupSubsets(observations).flatMap(({ subset, seen }) => cellsOf(seen, subset, null));
  return meansOf(cells, options).sort(IN_ORDER);
}

/**
 * The means of the cells among observations of one suite, subset and metric. Each cell has a frame of its own, so that what
 * else is looked at beside it cannot change its interval.
 */
export function means(seen: readonly Observation[], subset: string, options: PoolOptions = {}): PooledRow[] {
  return meansOf(cellsOf(seen, subset, null), options);
}

// Of so many effects are draws held in memory at a time: 5 MB of 10,000 draws.
const TOGETHER = 64;

/** The mean of each cell as if it were alone; those of one size are drawn together, which gives the same numbers. */
function meansOf(cells: readonly CellTable[], { draws = 10_000 }: PoolOptions): PooledRow[] {
  const measured = cells.map(({ key, table }) => ({ key, effect: effectOf(table) }));
  const rows = new Map<CellKey, PooledRow>();
  const sizes = group(measured, ({ effect }) => joined(effect.bySeed.length, effect.byProbe.length));
  for (const alike of sizes.values()) {
    for (let start = 0; start < alike.length; start += TOGETHER) {
      const some = alike.slice(start, start + TOGETHER);
      const drawn = draw(
        some.map(({ effect }) => effect),
        "drift/pooled",
        draws,
      );
      for (const [index, { key, effect }] of some.entries()) {
        const { value, seeds, n } = effect;
        rows.set(key, { ...key, value, ...rangeOfValue(effect, drawn[index]!, key.metric), seeds, n });
      }
    }
  }
  return cells.map(({ key }) => rows.get(key)!);
}

/**
 * The change of every cell since round 0 of the same runs, paired by seed and probe: what seeds and probes have in
 * common in both rounds cancels. Its value is exactly the difference of the pooled values over the seeds that have both.
 */
export function changeFromBase(observations: readonly Observation[], options: PoolOptions = {}): ChangeRow[] {
  return changeFrom(observations, toBase, options);
}

/**
 * The difference of every cell with biased users to the one without any that is otherwise the same, in the same round, paired
 * by seed and probe. It leaves out what training on benign users does by itself.
 */
export function changeFromZero(observations: readonly Observation[], options: PoolOptions = {}): ChangeRow[] {
  return changeFrom(observations, toControl(observations), options);
}

/** For `changeFrom` and `contrasts`: the same cell before any training. */
export function toBase(key: CellKey): CellKey | null {
  return key.round > 0 ? { ...key, round: 0 } : null;
}

/** For `changeFrom` and `contrasts`: the cell without biased users that a cell is compared with. */
export function toControl(rows: Iterable<CellId>): (key: CellKey) => CellKey | null {
  const { control } = gridOf(rows);
  return (key) => {
    const zero = key.biased > 0 ? control(key) : null;
    return zero && { ...key, ...zero };
  };
}

/** The cells that share seeds, probes and metric, one list per suite, subset and metric. */
export function comparisons(observations: readonly Observation[]): CellTable[][] {
  return groupSubsets(observations).map(({ subset, seen }) => cellsOf(seen, subset, frameOf(seen)));
}

/** The cells among observations of one suite, subset and metric, in one frame or (null) each in its own. */
export function cellsOf(seen: readonly Observation[], subset: string, frame: Frame | null): CellTable[] {
  return [...group(seen, cellOf).values()].map((cell) => {
    const { round, suite, metric } = cell[0]!;
    return {
      key: { ...cellIn(cell[0]!), round, suite, subset, metric },
      table: tableOf(cell, frame ?? frameOf(cell)),
    };
  });
}

/**
 * The difference of every cell to the one that `referenceOf` names, paired by seed and probe; none where that is null or not
 * among the observations.
 */
function changeFrom(
  observations: readonly Observation[],
  referenceOf: (key: CellKey) => CellKey | null,
  options: PoolOptions = {},
): ChangeRow[] {
  return comparisons(observations)
    .flatMap((cells) => {
      const pairs = paired(cells, referenceOf);
      const effects = pairs.map(({ table }) => effectOf(table));
      const drawn = draw(effects, "drift/pooled", options.draws ?? 10_000);
      return pairs.map(({ key }, index) => {
        const effect = effects[index]!;
        const { value, seeds, n } = effect;
        const range = rangeOfChange(effect, drawn[index]!, key.metric);
        return { ...key, value, ...range, seeds, n, p: pValue(effect, drawn[index]!, key.metric) };
      });
    })
    .sort(IN_ORDER);
}

/** The differences between cells and the cells they are compared with; those with no seed in common are left out. */
export function paired(
  cells: readonly CellTable[],
  referenceOf: (key: CellKey) => CellKey | null,
): CellTable[] {
  const byName = new Map(cells.map((cell) => [cellOf(cell.key), cell]));
  return cells.flatMap(({ key, table }) => {
    const reference = referenceOf(key);
    const other = reference && byName.get(cellOf(reference));
    if (!other) return [];
    const change = difference(table, other.table);
    return change.values.some((value) => !Number.isNaN(value)) ? [{ key, table: change }] : [];
  });
}
