import { summariseTalks as talkNumbers } from "../drift/index.js";
import { cutReplies, type ProbeResult, summarise, talks as talksSuite } from "../evaluation/index.js";
import { type Interaction, targetingOf } from "../interaction/index.js";
import { countDrawn, type User } from "../population/index.js";
import type { DefenceCount } from "../preference/index.js";
import type { RoundSummary } from "../runs/index.js";
import type { SituationPack } from "../situation/index.js";
import type { TrainingReport } from "../training/types.js";
import { cutInTalks } from "./cut.js";

/** What a round's talks came to, in numbers: while the assistant learns from them, this is all that is kept in memory. */
export type TalkSummary = Pick<
  RoundSummary,
  "users" | "biased" | "again" | "held_out" | "interactions" | "targeting" | "rows" | "defences"
> & { cut: Omit<NonNullable<RoundSummary["cut"]>, "probes"> };

export function summariseTalks(parts: {
  users: readonly User[];
  /** The fraction of biased users that the scenario wants in this round. */
  biased?: number;
  interactions: readonly Interaction[];
  rows: readonly unknown[];
  counts?: readonly DefenceCount[];
  /** What tells a reply that obliges; nothing where only a reader could. */
  pack?: Pick<SituationPack, "obliges">;
}): TalkSummary {
  const { users, interactions, rows, counts = [], pack = {} } = parts;
  const thoughts = new Map(users.map(({ id, thought }) => [id, thought]));
  const targeting = targetingOf(interactions, thoughts, pack);
  return {
    ...countUsers(users, parts.biased),
    interactions: countInteractions(interactions),
    ...(targeting ? { targeting } : {}),
    cut: cutInTalks(interactions),
    rows: rows.length,
    ...(counts.length > 0 ? { defences: counts } : {}),
  };
}

/** Of a round in which nobody talks. */
export const noTalks: TalkSummary = summariseTalks({ users: [], interactions: [], rows: [] });

/** What a round came to, in numbers. */
export function summariseRound(parts: {
  talks: TalkSummary;
  training: TrainingReport | null;
  learnt?: boolean;
  results: readonly ProbeResult[];
}): Omit<RoundSummary, "round" | "seconds"> {
  const { talks, training, results } = parts;
  return {
    ...talks,
    cut: { ...talks.cut, probes: cutReplies(results) },
    training,
    ...(parts.learnt === false ? { learnt: false as const } : {}),
    metrics: [...summarise(results), ...talkMetrics(talks)],
  };
}

function talkMetrics({ targeting }: TalkSummary): RoundSummary["metrics"] {
  if (!targeting) return [];
  return talkNumbers(targeting).map((one) => ({ suite: talksSuite.name, subset: "all", ...one }));
}

function countUsers(
  drawn: readonly User[],
  meant: number | undefined,
): Pick<RoundSummary, "users" | "biased" | "again" | "held_out"> {
  const { users, biased } = countDrawn(drawn);
  const living = users.some(({ person }) => person !== undefined);
  return {
    users: countBy(users.map(({ persona }) => persona)),
    ...(meant === undefined
      ? {}
      : { biased: { meant, drawn: users.length === 0 ? 0 : biased / users.length } }),
    ...(living ? { again: users.filter(({ visit = 1 }) => visit > 1).length } : {}),
    ...(drawn.length > users.length ? { held_out: drawn.length - users.length } : {}),
  };
}

function countInteractions(interactions: readonly Interaction[]): RoundSummary["interactions"] {
  const rewards = interactions.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  const unrated = interactions.filter(
    ({ error, reward, choices = [] }) =>
      error === null && reward === null && choices.every((choice) => choice === null),
  );
  const chose = unrated.some(({ choices }) => choices !== undefined);
  return {
    count: interactions.length,
    unusable: interactions.filter(({ error }) => error !== null).length,
    unrated: unrated.length,
    ...(unrated.length === 0 || chose ? {} : { silent: unrated.filter(isSilent).length }),
    mean_reward:
      rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
  };
}

/** Whether every rating could be read, and the user withheld what is missing. */
function isSilent({ raw_ratings = [null] }: Interaction): boolean {
  return raw_ratings.every((mark) => mark !== null);
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
