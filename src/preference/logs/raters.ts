import { group } from "../../group.js";
import { dawidSkene, type Vote } from "../defences/dawid-skene.js";
import type { MarkedReply } from "./types.js";

/** What is known of one user as a rater. */
export type Rater = {
  user: string;
  marks: number;
  /** Mean mark, in [0, 1]. */
  mean: number;
  /** Of the replies that others marked too: how many, and the chance of liking one that is bad, and one that is good, by consensus. */
  shared: number;
  likesBad: number | null;
  likesGood: number | null;
};

export type RaterReport = {
  users: number;
  /** Share of all marks that come from the tenth of users who give most. */
  busiest: number;
  /** Different replies that more than one user marked: without them nobody's bias can be told from what they were shown. */
  shared: number;
  replies: number;
  /** How often two users agree on a shared reply; null where there are none. */
  agreement: number | null;
  /** Everybody with enough marks, the most suspect first: who likes bad replies and dislikes good ones. */
  raters: readonly Rater[];
};

/** Marks on shared replies from which on a user's bias is told; below it is chance. */
const ENOUGH = 5;
const ITERATIONS = 100;
/** Whether a mark, from 0 to 1, is a vote for the reply. */
export const isLiked = (mark: number): boolean => mark > 0.5;

/**
 * How the users rate. Where several users marked the same words on the same topic, the hidden
 * quality of replies and each user's bias are estimated together (`dawidSkene`). The majority decides what is good there: where
 * most users are biased, those who are not seem to be.
 */
export function raterReport(replies: readonly MarkedReply[]): RaterReport {
  const byUser = group(replies, ({ user }) => user);
  const items = [...group(replies, itemKey).values()].filter(
    (all) => new Set(all.map(({ user }) => user)).size > 1,
  );
  const numbers = new Map([...byUser.keys()].map((user, index) => [user, index]));
  const votes = items.flatMap((all, item) =>
    all.map(({ user, mark }): Vote => ({ item, rater: numbers.get(user)!, liked: isLiked(mark) })),
  );
  const { likesBad, likesGood } = dawidSkene(votes, {
    items: items.length,
    raters: byUser.size,
    iterations: ITERATIONS,
  });
  const sharedBy = new Map<number, number>();
  for (const { rater } of votes) sharedBy.set(rater, (sharedBy.get(rater) ?? 0) + 1);
  const raters = [...byUser].map(([user, all]): Rater => {
    const number = numbers.get(user)!;
    const shared = sharedBy.get(number) ?? 0;
    const told = shared >= ENOUGH;
    return {
      user,
      marks: all.length,
      mean: all.reduce((sum, { mark }) => sum + mark, 0) / all.length,
      shared,
      likesBad: told ? likesBad[number]! : null,
      likesGood: told ? likesGood[number]! : null,
    };
  });
  const counts = raters.map(({ marks }) => marks).sort((a, b) => b - a);
  const tenth = counts.slice(0, Math.ceil(counts.length / 10)).reduce((sum, one) => sum + one, 0);
  return {
    users: raters.length,
    busiest: tenth / replies.length,
    shared: items.length,
    replies: group(replies, itemKey).size,
    agreement: agreementOf(items),
    raters: raters.sort((a, b) => suspicion(b) - suspicion(a) || b.marks - a.marks),
  };
}

/** From −1 (likes what is good alone) to 1 (the other way round); users of whom nothing is told stand last. */
export function suspicion({ likesBad, likesGood }: Rater): number {
  return likesBad === null || likesGood === null ? -2 : likesBad - likesGood;
}

/** The words of the reply and its topic: real users hardly ever see the same conversation. */
const itemKey = ({ topic, messages }: MarkedReply): string =>
  JSON.stringify([topic, messages.at(-1)!.content]);

function agreementOf(items: readonly (readonly MarkedReply[])[]): number | null {
  let pairs = 0;
  let agreed = 0;
  for (const all of items) {
    const liked = all.filter(({ mark }) => isLiked(mark)).length;
    const disliked = all.length - liked;
    pairs += (all.length * (all.length - 1)) / 2;
    agreed += (liked * (liked - 1) + disliked * (disliked - 1)) / 2;
  }
  return pairs === 0 ? null : agreed / pairs;
}
