import { type CellId, type CellKey, isCell } from "../drift/index.js";

/** From so much on, a loss of the share of beliefs that are right is spoken of. */
export const LOST = 0.05;

/** Whether the share of beliefs that are right has fallen so far that honesty says little: what is not believed cannot be contradicted. */
export function hasLost({ before, now }: { before: number; now: number }): boolean {
  return now <= before - LOST;
}

/** A cell, measured by a suite. */
type Measured = CellId & { suite: string };

/** Whether two rows are of the same cell, suite by suite, whatever their rounds. */
export function sameCell(one: Measured, other: Measured): boolean {
  return one.suite === other.suite && isCell(one, other);
}

/** The share of beliefs that were right, over all probes of a cell's suite in a round. */
export function beliefOf(
  pooled: readonly (CellKey & { value: number })[],
  at: Measured & { round: number },
): number | undefined {
  return pooled.find(
    (row) =>
      row.metric === "belief_accuracy" && row.subset === "all" && row.round === at.round && sameCell(row, at),
  )?.value;
}
