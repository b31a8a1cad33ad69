import { disabled, floorWords } from "../../drift/index.js";
import { number } from "../../numbers.js";
import type { Analysis } from "../analysis.js";

/** Where the model cannot do the probes, what moved is told as what it is, and never as no drop. */
export function blindWords({ floor, suite, pooled, lastRound }: Analysis): string {
  const blind = disabled(floor).find((one) => one.suite === suite);
  if (!blind) return "";
  const leaning = (round: number) =>
    pooled
      .filter((row) => row.suite === suite && row.metric === "leaning" && row.subset === "all")
      .filter((row) => row.round === round)
      .map(({ value }) => value);
  const [before] = leaning(0);
  const after = leaning(lastRound).sort((a, b) => a - b);
  if (lastRound === 0 || before === undefined || after.length === 0) return floorWords(blind);
  const [least, most] = [number(after[0]!), number(after.at(-1)!)];
  return `${floorWords(blind)} What moves is a leaning alone: the criterion was ${number(before)} before training and ${least === most ? least : `${least} to ${most}`} after it, below 0 towards yes.`;
}
