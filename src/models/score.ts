import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { z } from "zod";
import type { ScoredCompletion } from "./embedded.js";
import type { CachedReply } from "./limits/index.js";
import type { Message } from "./message.js";

/** A token of a conversation as a model reads it; the first has no probability. */
export type ReadToken = z.output<typeof readTokensSchema>[number];

export const readTokensSchema = z.array(
  z.object({ id: z.string(), token: z.string(), logprob: z.number().nullable() }),
);

/** Has a server read a conversation: the reply's text is its tokens as JSON (`readTokensSchema`). */
export type TokenReader = (messages: readonly Message[], signal?: AbortSignal) => Promise<CachedReply>;

/** A model that can say how likely it is to give each of some replies, each ended by nothing. */
export type ScoringModel = BaseChatModel & {
  scoreCompletions: (
    messages: readonly Message[],
    candidates: readonly string[],
    options?: { signal?: AbortSignal },
  ) => Promise<ScoredCompletion[]>;
};

export function canScore(model: BaseChatModel): model is ScoringModel {
  return "scoreCompletions" in model && typeof model.scoreCompletions === "function";
}

/**
 * What a conversation has more than the prompt that it begins with. Templates may end the prompt differently once a reply
 * follows, so the reply begins where the two part. Throws if nothing is left.
 */
export function afterPrompt(prompt: readonly ReadToken[], whole: readonly ReadToken[]): ScoredCompletion {
  let start = 1;
  // The server names no first token: there is nothing before it that could make it probable.
  while (start < prompt.length && start < whole.length && prompt[start]!.id === whole[start]!.id) start += 1;
  const rest = whole.slice(start);
  if (rest.length === 0) throw new Error("the chat template gives a reply no tokens");
  return { tokens: rest.map(({ token }) => token), logprobs: rest.map(({ logprob }) => logprob ?? 0) };
}
