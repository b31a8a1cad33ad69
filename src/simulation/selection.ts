import type { Interaction } from "../interaction/index.js";
import {
  type Candidate,
  type Logs,
  loggedRows,
  loggedTalks,
  type PreferenceData,
  type Selection,
  select,
  toRows,
} from "../preference/index.js";
import { type Scenario, sourceKind } from "../scenario/index.js";
import type { SituationPack } from "../situation/index.js";

// What a round makes of its conversations, as far as nothing is asked or written for it: so a preview of logs tells what a run learns.

/** The marked replies of a round, as conversations with ratings. */
export function talksOfLogs(
  { source, rounds }: Scenario,
  { scale }: Pick<SituationPack, "scale">,
  logs: Logs,
  round: number,
): Candidate[] {
  const perRound = typeof source === "object" && source.kind === "logs" ? source.per_round : undefined;
  return loggedTalks(logs.replies, { round, rounds, perRound, scale });
}

/** The conversations that a round learns from, and the rows that they make. */
export function selectRows(
  { seed: runSeed, source, training: { method }, preference }: Scenario,
  { scale: { min, max } }: Pick<SituationPack, "scale">,
  candidates: readonly Interaction[],
  round: number,
): { selection: Selection; rows: PreferenceData } {
  const seed = `${runSeed}/round/${round}/preference`;
  const selection = select(candidates, { method, ...preference, seed });
  const { margin } = preference;
  const rows = sourceKind(source).simulated
    ? toRows(method, selection, seed, margin)
    : loggedRows(method, selection, { middle: (min + max) / 2, margin, seed });
  return { selection, rows };
}

type Stages = readonly { kind: string }[];

/** Names a stage's draws in a round by its place and kind: two of a kind draw apart, and each alike whatever stands before it. */
export function stageSeed(runSeed: Scenario["seed"], round: number, stages: Stages, index: number): string {
  return `${runSeed}/round/${round}/defence/${stages[index]!.kind}/${placeAmong(stages, index)}`;
}

/** Which one of its kind a stage is. */
function placeAmong(stages: Stages, index: number): number {
  return stages.slice(0, index).filter(({ kind }) => kind === stages[index]!.kind).length;
}
