import {
  type CellId,
  type Contrast,
  cellKey,
  contrasts,
  gridOf,
  isCell,
  type Observation,
  toBase,
} from "../drift/index.js";
import type { Primary } from "./headline/primary.js";

/** What one measure is compared in. */
export type Comparisons = {
  /** Changes since round 0, and differences to the cells at 0 %, over all probes; the last round first. */
  fromBase: Contrast[];
  fromZero: Contrast[];
  /** The comparison that the experiment is for; null where there is none. */
  reported: Contrast | null;
};

/** Every comparison of one measure; `seen` are its observations, over all probes. */
export function comparisonsOf(
  seen: readonly Observation[],
  { primary, suite, round }: { primary: Primary | null; suite: string | undefined; round: number },
): Comparisons {
  const isTold = (key: { suite: string; round: number }) => key.suite === suite && key.round === round;
  const isOnly = new Set(seen.map(cellKey)).size === 1;
  const fromBase = contrasts(seen, toBase, {
    primary: (key) => !primary && isOnly && isTold(key),
  });
  const zero = zeroOf(seen);
  const isZero = primary !== null && isControl(zero(primary.treated), primary.reference);
  const fromZero = contrasts(
    seen.filter((one) => one.round > 0),
    (key) => {
      const control = key.biased > 0 ? zero(key) : null;
      return control && { ...key, ...control };
    },
    { primary: (key) => isZero && isCell(key, primary.treated) && isTold(key) },
  );
  const other =
    primary && !isZero
      ? contrasts(
          seen,
          (key) => (isCell(key, primary.treated) && isTold(key) ? { ...key, ...primary.reference } : null),
          { primary: () => true },
        )
      : [];
  const reported = [...fromZero, ...fromBase, ...other].find(({ role }) => role === "primary") ?? null;
  return { fromBase: fromLast(fromBase), fromZero: fromLast(fromZero), reported };
}

/**
 * The cell at 0 % that a cell is compared with. With `source: direct` variants are lines of their own, and what
 * subtle and severe answers are compared with are the right answers to the same prompts.
 */
function zeroOf(cells: readonly CellId[]): (cell: CellId) => CellId | null {
  const { control } = gridOf(cells);
  const right = (cell: CellId) => ({ ...cell, axes: { ...cell.axes, "source.variant": "normal" } });
  return (cell) => control(cell) ?? (cell.axes["source.variant"] === undefined ? null : control(right(cell)));
}

function isControl(one: CellId | null, other: CellId): boolean {
  return one !== null && isCell(one, other);
}

/** A reader looks at one round, mostly the last, and compares fractions in it. */
function fromLast(rows: readonly Contrast[]): Contrast[] {
  return [...rows].sort((a, b) => b.round - a.round);
}
