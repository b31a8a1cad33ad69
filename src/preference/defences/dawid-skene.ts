/** A rater's vote on an item: whether it liked it. */
export type Vote = { item: number; rater: number; liked: boolean };

export type Consensus = {
  /** Probability that each item is good. */
  good: Float64Array;
  /** Each rater's probability of liking a good item, and of liking a bad one. */
  likesGood: Float64Array;
  likesBad: Float64Array;
  steps: number;
};

/** Votes a rater is given beforehand: three in four right. They say which of the two hidden kinds is the good one. */
const PRIOR = { right: 3, wrong: 1 };

/**
 * The hidden quality of items and the hidden bias of raters from nothing but their votes, by expectation-maximisation: the
 * model of Dawid and Skene 1979 ("Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm") with two
 * kinds of item, started from the majority, with a weak prior that raters are rather right than wrong. A rater who likes
 * what the others dislike comes to count for nothing, or against. Stops after `iterations` steps or when no item's
 * probability moves by 1e-6. Items without votes have the share of good ones.
 */
export function dawidSkene(
  votes: readonly Vote[],
  { items, raters, iterations }: { items: number; raters: number; iterations: number },
): Consensus {
  const good = majority(votes, items);
  const likesGood = new Float64Array(raters);
  const likesBad = new Float64Array(raters);
  let steps = 0;
  for (; steps < iterations; steps += 1) {
    maximise(votes, good, likesGood, likesBad);
    if (expect(votes, good, likesGood, likesBad) < 1e-6) break;
  }
  return { good, likesGood, likesBad, steps };
}

function majority(votes: readonly Vote[], items: number): Float64Array {
  const liked = new Float64Array(items);
  const count = new Float64Array(items);
  for (const vote of votes) {
    liked[vote.item]! += vote.liked ? 1 : 0;
    count[vote.item]! += 1;
  }
  return liked.map((sum, item) => (count[item] === 0 ? 0.5 : sum / count[item]!));
}

/** Raters' error rates from the items' probabilities. */
function maximise(
  votes: readonly Vote[],
  good: Float64Array,
  likesGood: Float64Array,
  likesBad: Float64Array,
): void {
  const weightGood = new Float64Array(likesGood.length).fill(PRIOR.right + PRIOR.wrong);
  const weightBad = new Float64Array(likesBad.length).fill(PRIOR.right + PRIOR.wrong);
  likesGood.fill(PRIOR.right);
  likesBad.fill(PRIOR.wrong);
  for (const { item, rater, liked } of votes) {
    const p = good[item]!;
    weightGood[rater]! += p;
    weightBad[rater]! += 1 - p;
    if (liked) {
      likesGood[rater]! += p;
      likesBad[rater]! += 1 - p;
    }
  }
  for (let rater = 0; rater < likesGood.length; rater += 1) {
    likesGood[rater]! /= weightGood[rater]!;
    likesBad[rater]! /= weightBad[rater]!;
  }
}

/** Items' probabilities from the raters' error rates; returns by how much the furthest moved. */
function expect(
  votes: readonly Vote[],
  good: Float64Array,
  likesGood: Float64Array,
  likesBad: Float64Array,
): number {
  const share = (good.reduce((sum, p) => sum + p, 0) + 1) / (good.length + 2);
  const odds = new Float64Array(good.length).fill(Math.log(share / (1 - share)));
  for (const { item, rater, liked } of votes) {
    const g = liked ? likesGood[rater]! : 1 - likesGood[rater]!;
    const b = liked ? likesBad[rater]! : 1 - likesBad[rater]!;
    odds[item]! += Math.log(g / b);
  }
  let moved = 0;
  for (let item = 0; item < good.length; item += 1) {
    const p = 1 / (1 + Math.exp(-odds[item]!));
    moved = Math.max(moved, Math.abs(p - good[item]!));
    good[item] = p;
  }
  return moved;
}
