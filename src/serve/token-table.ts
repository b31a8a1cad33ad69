import type { Alternative, Tokenizer } from "../models/index.js";

export type ScoredTokens = {
  ids: readonly number[];
  /** Null for a text's very first token, which nothing predicts. */
  logprobs: readonly (number | null)[];
  alternatives: readonly (readonly Alternative[])[];
};

/** Log-probabilities in the shape of chat completions. */
export function chatLogprobs(tokenizer: Tokenizer, { ids, logprobs, alternatives }: ScoredTokens) {
  const entry = (id: number, logprob: number) => {
    const token = tokenText(tokenizer, id);
    return { token, logprob, bytes: [...Buffer.from(token)] };
  };
  return {
    content: ids.map((id, i) => ({
      ...entry(id, logprobs[i] ?? 0),
      top_logprobs: (alternatives[i] ?? []).map((other) => entry(other.id, other.logprob)),
    })),
    refusal: null,
  };
}

/** Log-probabilities in the shape of completions; the first token begins at `offset` of the text. */
export function completionLogprobs(
  tokenizer: Tokenizer,
  { ids, logprobs, alternatives }: ScoredTokens,
  offset = 0,
) {
  const tokens = ids.map((id) => tokenText(tokenizer, id));
  let at = offset;
  return {
    tokens,
    token_logprobs: [...logprobs],
    top_logprobs: ids.map((_, i) => {
      if (logprobs[i] === null) return null;
      return Object.fromEntries(
        (alternatives[i] ?? []).map(({ id, logprob }) => [tokenText(tokenizer, id), logprob]),
      );
    }),
    text_offset: tokens.map((token) => {
      at += token.length;
      return at - token.length;
    }),
  };
}

/** Only the tokens that a text shows: a stop string's own are left out. */
export function shownTokens<T extends ScoredTokens>(tokenizer: Tokenizer, text: string, tokens: T): T {
  let count = tokens.ids.length;
  while (count > 0 && tokenizer.decode(tokens.ids.slice(0, count - 1)).length >= text.length) count -= 1;
  return {
    ...tokens,
    ids: tokens.ids.slice(0, count),
    logprobs: tokens.logprobs.slice(0, count),
    alternatives: tokens.alternatives.slice(0, count),
  };
}

function tokenText(tokenizer: Tokenizer, id: number): string {
  return tokenizer.decode([id], { keepSpecialTokens: true });
}
