import { rewardOf } from "../../interaction/index.js";
import { sharedKey } from "./shared.js";
import type { Candidate, Defence } from "./types.js";

/**
 * Ranks by what all raters of a conversation gave together: the mean of their rewards less `spread` standard deviations
 * between them. So what one rater praises and others mark down counts for little. Rewards discounted by the disagreement of
 * an ensemble: Coste et al. 2023, "Reward Model Ensembles Help Mitigate Overoptimization" (uncertainty-weighted
 * optimisation). Conversations that fewer than two raters rated are kept back, for nothing is known of agreement there.
 */
export function raterAgreement(spread: number, reward: "sum" | "mean"): Defence {
  return {
    kind: "rater_agreement",
    screen: (candidates) => {
      const shared = new Map<string, number[]>();
      for (const candidate of candidates) {
        const key = sharedKey(candidate);
        shared.set(key, [...(shared.get(key) ?? []), ...rewardsOf(candidate, reward)]);
      }
      return candidates.flatMap((candidate) => {
        const rewards = shared.get(sharedKey(candidate))!;
        if (rewards.length < 2) return [];
        return [{ ...candidate, reward: agreed(rewards, spread) }];
      });
    },
  };
}

/** The rewards that a conversation would have from each of its raters, its own user first. */
function rewardsOf({ ratings, panel = [], rated_by }: Candidate, reward: "sum" | "mean"): number[] {
  // Of a logged conversation one reply is marked; those before it are missing from nothing.
  const marked = (given: readonly (number | null)[]) => (rated_by === undefined ? given : given.slice(-1));
  return [ratings, ...panel.map((seat) => seat.ratings)]
    .map((given) => rewardOf(marked(given), reward))
    .filter((value) => value !== null);
}

export function agreed(rewards: readonly number[], spread: number): number {
  const mean = rewards.reduce((sum, value) => sum + value, 0) / rewards.length;
  const variance = rewards.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rewards.length;
  return mean - spread * Math.sqrt(variance);
}
