import { rewardOf } from "../../interaction/index.js";
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
    screen: (candidates) =>
      candidates.flatMap((candidate) => {
        const rewards = rewardsOf(candidate, reward);
        if (rewards.length < 2) return [];
        return [{ ...candidate, reward: agreed(rewards, spread) }];
      }),
  };
}

/** The rewards that a conversation would have from each of its raters, its own user first. */
function rewardsOf({ ratings, panel = [] }: Candidate, reward: "sum" | "mean"): number[] {
  return [ratings, ...panel.map((seat) => seat.ratings)]
    .map((given) => rewardOf(given, reward))
    .filter((value) => value !== null);
}

export function agreed(rewards: readonly number[], spread: number): number {
  const mean = rewards.reduce((sum, value) => sum + value, 0) / rewards.length;
  const variance = rewards.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rewards.length;
  return mean - spread * Math.sqrt(variance);
}
