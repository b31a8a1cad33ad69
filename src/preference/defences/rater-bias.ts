import { dawidSkene, type Vote } from "./dawid-skene.js";
import type { Candidate, Defence } from "./types.js";

/**
 * Ranks conversations by the expected number of good replies in them, as all raters' votes give it once each rater's own
 * bias is estimated and taken out: outlying raters lose their weight, and who votes against the rest counts against. A
 * rating above the middle of the scale is a vote for a reply. The majority decides what is good, so where most raters are
 * biased this defence works for them. See `dawid-skene.ts`. Conversations without any vote are kept back.
 */
export function raterBias(iterations: number, scale: { min: number; max: number }): Defence {
  const middle = (scale.min + scale.max) / 2;
  return {
    kind: "rater_bias",
    screen: (candidates) => {
      const { votes, items, raters } = ballot(candidates, middle);
      const { good } = dawidSkene(votes, { items: items.length, raters, iterations });
      const expected = new Map<string, number>();
      for (const [index, id] of items.entries()) expected.set(id, (expected.get(id) ?? 0) + good[index]!);
      return candidates.flatMap((candidate) => {
        const reward = expected.get(candidate.id);
        return reward === undefined ? [] : [{ ...candidate, reward }];
      });
    },
  };
}

/** All votes on replies that have any; `items` names the conversation of each such reply. */
function ballot(candidates: readonly Candidate[], middle: number) {
  const votes: Vote[] = [];
  const items: string[] = [];
  const raters = new Map<string, number>();
  const numberOf = (rater: string): number => {
    if (!raters.has(rater)) raters.set(rater, raters.size);
    return raters.get(rater)!;
  };
  for (const { id, ratings, panel = [] } of candidates) {
    const ballots = [{ rater: id, ratings }, ...panel];
    for (let reply = 0; reply < ratings.length; reply += 1) {
      const cast = ballots.filter((one) => (one.ratings[reply] ?? null) !== null);
      if (cast.length === 0) continue;
      const item = items.push(id) - 1;
      for (const one of cast)
        votes.push({ item, rater: numberOf(one.rater), liked: one.ratings[reply]! > middle });
    }
  }
  return { votes, items, raters: raters.size };
}
