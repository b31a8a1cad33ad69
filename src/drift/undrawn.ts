import { group } from "../group.js";
import { cellKey } from "./cell.js";
import type { CellId, Observation } from "./types.js";

/**
 * Tells cells with a fraction above 0 in which no run, once it had trained, had any of what the fraction is of: a small one of few users
 * rounds to nobody. Such a cell is the one at 0 % once more, run for run.
 */
export function undrawnIn(observations: readonly Observation[]): (cell: CellId) => boolean {
  const trained = observations.filter(({ biased, round }) => biased > 0 && round > 0);
  // Nearly always: nothing need be grouped then.
  if (trained.every((one) => one.biased_realized !== 0)) return () => false;
  const cells = [...group(trained, cellKey)];
  const undrawn = new Set(
    cells.flatMap(([key, seen]) => (seen.every((one) => one.biased_realized === 0) ? [key] : [])),
  );
  return (cell) => undrawn.has(cellKey(cell));
}
