import { type Contrast, isCell, ofWhole } from "../drift/index.js";
import type { Analysis } from "./analysis.js";
import { comparisonsOf } from "./comparisons.js";
import { type Broken, brokenIn } from "./headline/broken.js";
import { primaryOf } from "./headline/primary.js";
import type { ReportSource } from "./source/read.js";

/** One metric of one suite, compared in the ways in which a report compares the one that it speaks of. */
export type Measure = {
  /** Changes since round 0 and differences to the cells at 0 %, in every round. */
  fromBase: Contrast[];
  fromZero: Contrast[];
  /** The round that the headline speaks of, and its comparison in any round; null where there is none. */
  round: number;
  reported: (round: number) => Contrast | null;
  /** Cells whose model broke, by this suite or by the one that the report speaks of, in every round. */
  broken: Broken[];
};

/** Any metric as a report's headline would speak of it. */
export function measureOf(
  source: ReportSource,
  { pooled, catalogue, lastRound, brokenEver }: Analysis,
  { suite, metric }: { suite: string; metric: string },
): Measure {
  const primary = primaryOf(source);
  const seen = ofWhole(
    source.runs
      .flatMap(({ observations }) => observations)
      .filter((one) => one.metric === metric && one.suite === suite),
  );
  const round = primary?.round ?? lastRound;
  const compare = (at: number) => comparisonsOf(seen, { primary, suite, round: at });
  const { fromBase, fromZero, reported } = compare(round);
  const table = [fromZero, fromBase].find((rows) => reported && rows.includes(reported));
  const reportedAt = (at: number): Contrast | null => {
    if (at === round || !reported) return reported;
    return table
      ? (table.find((row) => row.round === at && isCell(row, reported)) ?? null)
      : compare(at).reported;
  };
  const rounds = [...new Set(pooled.map((row) => row.round))];
  return {
    fromBase,
    fromZero,
    round,
    reported: reportedAt,
    broken: [...brokenEver, ...rounds.flatMap((at) => brokenIn(pooled, { suite, round: at }, catalogue))],
  };
}
