import { Stopped } from "../../errors.js";
import { CannotServe, canScore, totalLogprob } from "../../models/index.js";
import type { Judge, NamedJudge, Stance } from "../types.js";

/** Share of 1 that candidates may hold of which only a bound is known. */
const MOST_UNKNOWN = 0.01;

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
    const scored = await asked.model
      .scoreCompletions(
        asked.messages,
        candidates.map(({ text }) => text),
        { signal },
      )
      .catch((error: unknown) => {
        // No other probe would fare better.
        throw error instanceof CannotServe ? new Stopped(error.message, { cause: error }) : error;
      });
    const shares = softmax(scored.map(totalLogprob));
    const unknown = scored.flatMap(({ bound }, index) => (bound === "upper" ? [index] : []));
    // What is known only to be rare may be as likely as its bound says, or not at all: too little to matter, or no answer.
    if (unknown.reduce((sum, index) => sum + shares[index]!, 0) > MOST_UNKNOWN)
      return {
        label: "error",
        detail: `the server tells only its likeliest first tokens, which leaves open how probable "${candidates[unknown[0]!]!.text}" is; put candidates that are one token each, or name a model as judge`,
      };
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

export const likelihood: NamedJudge = {
  name: "likelihood",
  by: "the probabilities that the model gives to foreseen statements",
  judge: likelihoodJudge,
};

function softmax(logs: readonly number[]): number[] {
  const most = Math.max(...logs);
  const weights = logs.map((log) => Math.exp(log - most));
  const total = weights.reduce((sum, one) => sum + one, 0);
  return weights.map((weight) => weight / total);
}
