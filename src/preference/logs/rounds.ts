import { group } from "../../group.js";
import { placed } from "../../mistakes.js";
import type { Candidate } from "../defences/types.js";
import { talkKey } from "./talk-key.js";
import type { MarkedReply } from "./types.js";

export type LogRound = {
  /** From 1. */
  round: number;
  rounds: number;
  /** Replies in each round; divided evenly among the rounds if absent. */
  perRound?: number;
  /** Of the pack: marks become points on it. */
  scale: { min: number; max: number };
};

/** The replies of a round: the oldest first, each in one round. */
export function repliesOfRound<T>(
  replies: readonly T[],
  { round, rounds, perRound }: Omit<LogRound, "scale">,
): T[] {
  const at = (place: number): number =>
    perRound === undefined ? Math.floor((replies.length * place) / rounds) : perRound * place;
  return replies.slice(at(round - 1), at(round));
}

/** Conversations of the round that has most. */
export function mostLoggedTalks(
  replies: readonly Pick<MarkedReply, "messages">[],
  { rounds, perRound }: Omit<LogRound, "scale" | "round">,
): number {
  let most = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const keys = repliesOfRound(replies, { round, rounds, perRound }).map(({ messages }) =>
      talkKey(messages),
    );
    most = Math.max(most, new Set(keys).size);
  }
  return most;
}

/**
 * The marked replies of a round as conversations with ratings. Where several people marked the same reply to the same
 * conversation it stands once, with the first one's mark and the others as its panel; its reward is the mean of all.
 */
export function loggedTalks(replies: readonly MarkedReply[], round: LogRound): Candidate[] {
  const same = group(repliesOfRound(replies, round), ({ messages }) => talkKey(messages));
  const { min, max } = round.scale;
  const points = ({ mark }: MarkedReply): number => min + mark * (max - min);
  return [...same.values()].map((marked) => {
    // Who marked a reply twice has changed their mind.
    const byUser = [...new Map(marked.map((one) => [one.user, one])).values()];
    const [first, ...others] = byUser;
    const { place, user, topic, messages } = first!;
    const earlier = Array<null>(messages.filter(({ role }) => role === "assistant").length - 1).fill(null);
    // Several may say why, and the last edit is the one that stands.
    const reasons = [...new Set(marked.flatMap(({ reason }) => reason ?? []))].join("; ");
    const edited = marked.findLast((one) => one.edited !== undefined)?.edited;
    const cut = marked.some((one) => one.cut);
    const reward = byUser.reduce((sum, one) => sum + points(one), 0) / byUser.length;
    return {
      id: placed(place),
      round: round.round,
      user,
      rated_by: user,
      persona: LOGGED,
      situation: topic,
      messages,
      ratings: [...earlier, points(first!)],
      ...(others.length > 0
        ? { panel: others.map((one) => ({ rater: one.user, ratings: [...earlier, points(one)] })) }
        : {}),
      ...(reasons === "" ? {} : { reasons: [...earlier, reasons] }),
      ...(edited === undefined ? {} : { edits: [...earlier, edited] }),
      ...(cut ? { cut: [messages.length - 1] } : {}),
      reward,
      error: null,
    };
  });
}

/** In place of a persona: nobody knows what real users are like. */
const LOGGED = "logged";
