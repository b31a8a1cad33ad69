import { type CellId, type Contrast, isCell, type PooledRow } from "../drift/index.js";
import type { Analysis, Measure } from "../report/index.js";
import type { Condition } from "../scenario/index.js";

/** What a condition looks at: comparisons, or values. */
export type LookedAt = {
  contrast: Contrast | null;
  row: CellId & { round: number };
  value: PooledRow | null;
};

/** Which cells of a sweep are meant; all if absent. */
export type Only = (cell: CellId) => boolean;

/**
 * The comparisons or values that a condition is about: that of the headline where there is one and nothing else is asked for,
 * else every cell's, with the same without biased users where that was measured, or since before the training.
 */
export function lookedAt(
  condition: Condition,
  { measure, analysis, suite, only }: { measure: Measure; analysis: Analysis; suite: string; only?: Only },
): LookedAt[] {
  const { metric, quantity, against, everyCell } = condition;
  const rounds = roundsOf(condition, measure, analysis);
  const reported = measure.reported(measure.round);
  const one = reported && !everyCell && !only ? reported : null;
  const isMeant = (cell: CellId & { round: number }) =>
    rounds.includes(cell.round) && (only ? only(cell) : one === null || isCell(cell, one));
  if (quantity === "value") {
    return analysis.pooled
      .filter((row) => row.suite === suite && row.metric === metric && row.subset === "all" && isMeant(row))
      .map((row) => ({ contrast: null, row, value: row }));
  }
  const contrasts =
    one && against === null
      ? rounds.flatMap((round) => measure.reported(round) ?? [])
      : (against === "start"
          ? measure.fromBase
          : against === "control"
            ? measure.fromZero
            : either(measure, isMeant)
        ).filter(isMeant);
  return contrasts.map((contrast) => ({ contrast, row: contrast, value: null }));
}

function either({ fromZero, fromBase }: Measure, isMeant: (row: Contrast) => boolean): Contrast[] {
  return fromZero.some(isMeant) ? fromZero : fromBase;
}

function roundsOf({ rounds, quantity }: Condition, { round }: Measure, { pooled }: Analysis): number[] {
  if (rounds === null) return [round];
  if (rounds !== "any") return [rounds];
  const all = [...new Set(pooled.map((row) => row.round))].sort((a, b) => a - b);
  // Before the training nothing has changed.
  return quantity === "value" ? all : all.filter((at) => at > 0);
}
