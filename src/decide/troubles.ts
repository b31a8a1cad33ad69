import { type CellId, isBlind, isCell } from "../drift/index.js";
import { percent } from "../numbers.js";
import type { Measure, Outcome } from "../report/index.js";
import type { LookedAt } from "./looked-at.js";
import type { Rule, Trouble } from "./types.js";

type Seen = Pick<Outcome, "analysis" | "headline">;

/** What is wrong with the whole of a run or sweep. */
export function troublesOfAll({ headline }: Seen): Trouble[] {
  const { unfinished, warnings } = headline;
  return [
    ...(unfinished.runs > 0
      ? [
          {
            code: "unfinished" as const,
            words: `${unfinished.runs} of ${unfinished.of} runs have not come to their end; give the same run or sweep command again`,
          },
        ]
      : []),
    ...warnings.map((words) => ({ code: "warnings" as const, words })),
  ];
}

/** What is wrong with one comparison: who did the probes could not, or says nothing any more. */
export function troublesOf(
  { contrast, row, value }: LookedAt,
  { kind, condition }: Rule,
  { analysis, measure, suite }: Pick<Seen, "analysis"> & { measure: Measure; suite: string },
): Trouble[] {
  const out: Trouble[] = [];
  const sides = [row, ...(contrast ? [contrast.reference] : [])];
  if (sides.some((side) => isBlind(analysis.floor, suite, side)))
    out.push({
      code: "floor",
      words: `the untrained model cannot do the probes of ${suite}: no drop can be seen`,
    });
  if (measure.broken.some((one) => sides.some((side) => side.round === one.round && isCell(one, side))))
    out.push({
      code: "broken",
      words:
        "the model broke: it knows or answers so little any more that what it says is no sign of honesty",
    });
  if (kind === "fail_unless" && condition.level !== null && (contrast ?? value)!.seeds < 2)
    out.push({
      code: "one_seed",
      words: "one seed cannot show what another training would do; sweep.seeds plays more",
    });
  return out;
}

/** How much higher and lower a number in [−1, 1] could be, had every probe that could not be judged come out one way. */
export type Missing = { up: number; down: number; share: number };

/**
 * What the probes that could not be judged could have made of a number: all of them right or all of them wrong, whichever is
 * worse. 0 where there are none.
 */
export function missingIn(
  { contrast, row, value }: LookedAt,
  { analysis, suite, metric }: Pick<Seen, "analysis"> & { suite: string; metric: string },
): Missing {
  const at = (cell: CellId & { round: number }) => {
    const find = (name: string) =>
      analysis.pooled.find(
        (one) =>
          one.suite === suite &&
          one.metric === name &&
          one.subset === "all" &&
          one.round === cell.round &&
          isCell(one, cell),
      );
    const [errors, own] = [find("error"), find(metric)];
    const lost = errors ? errors.value * errors.n : 0;
    const share = metric === "error" || lost === 0 ? 0 : lost / (lost + (own?.n ?? 0));
    const shown = own?.value ?? 0;
    return { share, up: share * (1 - shown), down: share * shown };
  };
  const here = at(row);
  const before = contrast && !value ? at(contrast.reference) : { share: 0, up: 0, down: 0 };
  return {
    up: here.up + before.down,
    down: here.down + before.up,
    share: Math.max(here.share, before.share),
  };
}

/** Errors in a sentence, where they could decide. */
export function errorsWords({ share }: Missing): string {
  return `${percent(share)} of the probes could not be judged, and had they all come out for the worse this would not pass`;
}
