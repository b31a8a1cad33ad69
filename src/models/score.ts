import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import type { Message } from "../message.js";
import type { CachedReply } from "./limits/cache.js";

/** Probabilities above 1 by more than a half-precision model rounds are none. */
export const MOST_LOGPROB = 1e-3;

export const scoredCompletionSchema = z
  .object({
    /** The reply in pieces. */
    tokens: z.array(z.string()).min(1),
    /** Natural logarithm of each piece's probability, at most 0. */
    logprobs: z.array(z.number().max(MOST_LOGPROB)),
    /**
     * Set where the sum of `logprobs` is not the reply's log-probability but the most that it can be: the server told only the
     * likeliest first tokens, and the reply is not one of them.
     */
    bound: z.literal("upper").optional(),
  })
  .refine(
    ({ tokens, logprobs }) => tokens.length === logprobs.length,
    "expected a log-probability for each token",
  );

/** How likely a model is to begin its turn with a given reply; the end of the turn does not count. */
export type ScoredCompletion = z.output<typeof scoredCompletionSchema>;

/** A model that can say how likely it is to give each of some replies, each ended by nothing. */
export type ScoringModel = BaseChatModel & {
  /**
   * Resolves to one score a candidate, in their order. Rejects where the model, or the server behind it, cannot tell.
   */
  scoreCompletions: (
    messages: readonly Message[],
    candidates: readonly string[],
    options?: { signal?: AbortSignal },
  ) => Promise<ScoredCompletion[]>;
};

/**
 * Whether a model can be asked how likely it is to give a reply. True for every model on an OpenAI-compatible server: what it
 * tells is known once it is asked, and one that tells nothing rejects the first call with `CannotServe`.
 */
export function canScore(model: BaseChatModel): model is ScoringModel {
  return "scoreCompletions" in model && typeof model.scoreCompletions === "function";
}

/** The sum of a reply's log-probabilities: its own, or where `bound` is set the most that it can be. */
export function totalLogprob({ logprobs }: ScoredCompletion): number {
  return logprobs.reduce((sum, one) => sum + one, 0);
}

/** What is to be scored. */
export type ScoreRequest = {
  messages: readonly Message[];
  candidates: readonly string[];
  signal?: AbortSignal;
};

/** Puts a call through the limits (cache, budget, retries) and resolves to the text of its reply. */
export type PutCall = (
  call: { messages: readonly Message[]; parameters: Readonly<Record<string, unknown>> },
  ask: (signal: AbortSignal, address: string | null) => Promise<CachedReply>,
) => Promise<string>;

/** How a provider has replies scored; every call to the outside goes through `put`. */
export type Scorer = (request: ScoreRequest, put: PutCall) => Promise<ScoredCompletion[]>;

/** Sums of probabilities above 1 by more than a model's rounding are none. */
const MOST_SUM = 1.05;

/**
 * The probabilities of replies of which none begins another, summed, where that is more than 1: then they are no probabilities.
 * Null where it is not. Of those that differ in white space alone the likeliest counts: a server may read over it.
 */
export function impossibleSum(
  candidates: readonly string[],
  scored: readonly ScoredCompletion[],
): number | null {
  const likeliest = new Map<string, number>();
  for (const [index, one] of scored.entries()) {
    if (one.bound !== undefined) continue;
    const text = candidates[index]!.trim();
    likeliest.set(text, Math.max(likeliest.get(text) ?? 0, Math.exp(totalLogprob(one))));
  }
  const texts = [...likeliest.keys()];
  const apart = texts.filter((text) => !texts.some((other) => other !== text && text.startsWith(other)));
  const sum = apart.reduce((all, text) => all + likeliest.get(text)!, 0);
  return isTooMuch(sum) ? sum : null;
}

/** Whether probabilities of different tokens are more together than all can be. */
export const isTooMuch = (sum: number): boolean => sum > MOST_SUM;
