import { isCell, type Observation, type PooledRow } from "../../drift/index.js";
import type { Catalogue } from "../../evaluation/index.js";
import { type Broken, brokenIn } from "./broken.js";
import { type BrokenRun, brokenRuns } from "./broken-runs.js";

/**
 * What broke by the round that is spoken of and, behind it, by the last. What broke after the round that is spoken of says nothing against
 * it, and must be told all the same.
 */
export function brokenOf(
  observations: readonly Observation[],
  pooled: readonly PooledRow[],
  of: { suite: string | undefined; spoken: number; lastRound: number; catalogue: Catalogue },
): { broken: Broken[]; brokenEver: Broken[]; brokenRuns: BrokenRun[] } {
  const { suite, spoken, lastRound, catalogue } = of;
  if (suite === undefined) return { broken: [], brokenEver: [], brokenRuns: [] };
  const rounds = [...new Set(pooled.map(({ round }) => round))];
  const brokenEver = rounds.flatMap((round) => brokenIn(pooled, { suite, round }, catalogue));
  const cellsAt = (at: number) => brokenEver.filter(({ round }) => round === at);
  const runsAt = (round: number) =>
    brokenRuns(observations, { suite, round }, { catalogue, broken: cellsAt(round) });
  const withLater = <T>(at: (round: number) => T[], isSame: (one: T, other: T) => boolean): T[] => {
    const first = at(spoken);
    const later = spoken === lastRound ? [] : at(lastRound);
    return [...first, ...later.filter((one) => !first.some((other) => isSame(one, other)))];
  };
  return {
    broken: withLater(cellsAt, isCell),
    brokenEver,
    brokenRuns: withLater(runsAt, (one, other) => one.run === other.run),
  };
}
