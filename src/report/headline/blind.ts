import { type CellId, type Floor, floorSentences, isBlind, isCell } from "../../drift/index.js";
import { number } from "../../numbers.js";
import type { Analysis } from "../analysis.js";

/** Where the model cannot do the probes, what moved is told as what it is, and never as no drop. */
export function blindWords(analysis: Analysis): string {
  const { floor, suite } = analysis;
  return floorSentences(floor)
    .filter((one) => one.suite === suite && one.code === "floor")
    .map(({ words, of }) => {
      const cells = floor.find((one) => one.suite === suite && one.of === of)?.cells;
      return `${words}${leaningWords(analysis, cells)}`;
    })
    .join(" ");
}

function leaningWords({ pooled, suite, lastRound }: Analysis, cells: Floor["cells"]): string {
  const leaning = (round: number) =>
    pooled
      .filter((row) => row.suite === suite && row.metric === "leaning" && row.subset === "all")
      .filter((row) => row.round === round && (!cells || cells.some((cell) => isCell(cell, row))))
      .map(({ value }) => value);
  const [before] = leaning(0);
  const after = leaning(lastRound).sort((a, b) => a - b);
  if (lastRound === 0 || before === undefined || after.length === 0) return "";
  const [least, most] = [number(after[0]!), number(after.at(-1)!)];
  return ` What moves is a leaning alone: the criterion was ${number(before)} before training and ${least === most ? least : `${least} to ${most}`} after it, below 0 towards yes.`;
}

/** Whether any of the cells starts from a model that cannot do the probes that are spoken of. */
export function seesNothing({ floor, suite }: Analysis, cells: readonly CellId[]): boolean {
  return suite !== undefined && cells.some((cell) => isBlind(floor, suite, cell));
}
