import { dawidSkene, type Vote } from "./dawid-skene.js";
import { sharedKey } from "./shared.js";
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
      for (const [index, ids] of items.entries())
        for (const id of ids) expected.set(id, (expected.get(id) ?? 0) + good[index]!);
      return candidates.flatMap((candidate) => {
        const reward = expected.get(candidate.id);
        return reward === undefined ? [] : [{ ...candidate, reward }];
      });
    },
  };
}

/** All votes on replies that have any; `items` names the conversations that each such reply stands in. */
function ballot(candidates: readonly Candidate[], middle: number) {
  const votes: Vote[] = [];
  const items: string[][] = [];
  const known = new Map<string, number>();
  const raters = new Map<string, number>();
  const numberOf = (rater: string): number => {
    if (!raters.has(rater)) raters.set(rater, raters.size);
    return raters.get(rater)!;
  };
  for (const candidate of candidates) {
    const { id, ratings, panel = [], rated_by: rater = id } = candidate;
    const ballots = [{ rater, ratings }, ...panel];
    for (let reply = 0; reply < ratings.length; reply += 1) {
      const cast = ballots.filter((one) => (one.ratings[reply] ?? null) !== null);
      if (cast.length === 0) continue;
      const key = candidate.rated_by === undefined ? `${id}/${reply}` : sharedKey(candidate);
      const item = known.get(key) ?? items.push([]) - 1;
      known.set(key, item);
      items[item]!.push(id);
      for (const one of cast)
        votes.push({ item, rater: numberOf(one.rater), liked: one.ratings[reply]! > middle });
    }
  }
  return { votes, items, raters: raters.size };
}
