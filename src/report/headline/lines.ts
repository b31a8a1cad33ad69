import { BEFORE_ROUNDING } from "../../numbers.js";
import type { Headline } from "./headline.js";

/** A headline for a terminal: what happened first, then what it rests on, and what failed with its mend. */
export function headlineLines({
  warnings,
  caveats,
  sentence,
  test,
  failures,
  unfinished,
}: Headline): string[] {
  return [
    ...warnings,
    sentence,
    ...(test ? [`Brackets are 95 % intervals. ${BEFORE_ROUNDING} Test: ${test}.`] : []),
    ...caveats,
    ...failures.map(({ name, cause, log }) => `${name} failed: ${cause} (${log} has the rest).`),
    ...[...new Set(failures.map(({ mend }) => mend))].map((mend) => `To go on, ${mend}.`),
    ...(failures.length === 0 && unfinished.runs > 0
      ? [`${unfinished.runs} of ${unfinished.of} runs have not come to their end.`]
      : []),
  ];
}

/** What to do next, a command a line with what it is for. */
export function nextLines({ next }: Headline): string[] {
  const width = Math.max(0, ...next.map(({ command }) => command.length));
  return next.map(({ command, why }) => `candor ${command.padEnd(width)}  # ${why}`);
}
