import { canScore } from "../../models/index.js";
import type { Judge, Stance } from "../types.js";

/**
 * Reads no reply: takes the probability that the model under test gives to each statement that a probe's file foresees, and
 * shares out 1 among them. So a probe's score is an expectation instead of one draw, with no sampling noise. The
 * probability of a statement is that of its tokens in sequence; the end of the turn does not count. Embedded models, and
 * those on a vLLM.
 */
export const likelihoodJudge: Judge = {
  reads: "candidates",
  needs: "candidates",
  judge: async ({ candidates, asked, signal }) => {
    if (!candidates)
      return {
        label: "error",
        detail: "the likelihood judge needs a probe with candidates; name a model as judge",
      };
    if (!asked) return { label: "error", detail: "the likelihood judge judges models, not texts" };
    if (!canScore(asked.model))
      return {
        label: "error",
        detail:
          "the likelihood judge needs a model that says how probable a text is (minnow, hf:<folder>, or one on vLLM); name a model as judge",
      };
    const scored = await asked.model.scoreCompletions(
      asked.messages,
      candidates.map(({ text }) => text),
      { signal },
    );
    const shares = softmax(scored.map(({ logprobs }) => logprobs.reduce((sum, one) => sum + one, 0)));
    const stances = new Map<string, Stance & { probability: number }>();
    for (const [index, { label, value }] of candidates.entries()) {
      const stance: Stance = value === undefined ? { label: label! } : { label: "number", value };
      const key = `${stance.label}/${stance.value}`;
      const before = stances.get(key) ?? { ...stance, probability: 0 };
      stances.set(key, { ...before, probability: before.probability + shares[index]! });
    }
    const spread = [...stances.values()].sort((a, b) => b.probability - a.probability);
    const { label, value, probability } = spread[0]!;
    const best = shares.indexOf(Math.max(...shares));
    return {
      label,
      ...(value === undefined ? {} : { value }),
      spread,
      detail: `${probability.toFixed(3)}: ${candidates[best]!.text}`,
    };
  },
};

function softmax(logs: readonly number[]): number[] {
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((weight) => weight / total);
}
