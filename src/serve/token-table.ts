import { type Alternative, decoderAfter, type TextResult, type Tokenizer } from "../models/index.js";
import { placeTokens } from "./place-tokens.js";

export type ScoredTokens = {
  ids: readonly number[];
  /** Null for a text's very first token, which nothing predicts. */
  logprobs: readonly (number | null)[];
  alternatives: readonly (readonly Alternative[])[];
};

/** A token as clients see it. */
type Shown = { token: string; bytes: number[] };

/** Log-probabilities in the shape of chat completions. */
export function chatLogprobs(tokenizer: Tokenizer, { ids, logprobs, alternatives }: ScoredTokens) {
  return {
    content: ids.map((id, at) => {
      const show = shower(tokenizer, ids.slice(0, at));
      return {
        ...show(id),
        logprob: ownLogprob(id, logprobs[at] ?? null, alternatives[at]) ?? 0,
        top_logprobs: (alternatives[at] ?? []).map((other) => ({
          ...show(other.id),
          logprob: other.logprob,
        })),
      };
    }),
    refusal: null,
  };
}

/**
 * Log-probabilities in the shape of completions. `before` are the tokens in front of the first, `text` is where they are looked
 * for: offsets count its characters (code points). The likeliest tokens always include the one that stands there. Of two that show
 * alike the one that stands there has the text for its name, then the likelier, and the others `token_id:<id>`.
 */
export function completionLogprobs(
  tokenizer: Tokenizer,
  { ids, logprobs, alternatives }: ScoredTokens,
  { before, text }: { before: readonly number[]; text: string },
) {
  const all = [...before, ...ids];
  const shown: Shown[] = [];
  const own: (number | null)[] = [];
  const tops: (Record<string, number> | null)[] = [];
  for (const [at, id] of ids.entries()) {
    const show = shower(tokenizer, all.slice(Math.max(0, before.length + at - WINDOW), before.length + at));
    const itself = show(id);
    const logprob = ownLogprob(id, logprobs[at] ?? null, alternatives[at]);
    shown.push(itself);
    own.push(logprob);
    if (logprob === null) {
      tops.push(null);
      continue;
    }
    const top = new Map([[itself.token, logprob]]);
    for (const other of alternatives[at] ?? []) {
      if (other.id === id) continue;
      const { token } = show(other.id);
      top.set(top.has(token) ? `token_id:${other.id}` : token, other.logprob);
    }
    tops.push(Object.fromEntries(top));
  }
  return {
    tokens: shown.map(({ token }) => token),
    token_logprobs: own,
    top_logprobs: tops,
    text_offset: placeTokens(
      text,
      shown.map(({ bytes }) => bytes),
    ),
  };
}

// More than a decoder looks back.
const WINDOW = 16;

/** One value for one token, so that clients find the likeliest by comparing. */
function ownLogprob(
  id: number,
  logprob: number | null,
  alternatives: readonly Alternative[] = [],
): number | null {
  return alternatives.find((other) => other.id === id)?.logprob ?? logprob;
}

/** Shows tokens behind others: with the space that they begin with there, and bytes that are no text as OpenAI writes them. */
function shower(tokenizer: Tokenizer, before: readonly number[]): (id: number) => Shown {
  const after = decoderAfter(tokenizer, before, { keepSpecialTokens: true });
  return (id) => {
    const bytes = tokenizer.bytes(id) ?? [...Buffer.from(after([id]))];
    const token = Buffer.from(bytes).toString();
    if (Buffer.from(token).equals(Buffer.from(bytes))) return { token, bytes };
    const escaped = bytes.map((byte) => `\\x${byte.toString(16).padStart(2, "0")}`);
    return { token: `bytes:${escaped.join("")}`, bytes };
  };
}

/** Only the tokens that a text shows: a stop string's own are left out. `decode` says what tokens add to it. */
export function shownTokens(
  decode: (ids: readonly number[]) => string,
  { text, ...tokens }: TextResult,
): ScoredTokens {
  let count = tokens.ids.length;
  while (count > 0 && decode(tokens.ids.slice(0, count - 1)).length >= text.length) count -= 1;
  return {
    ids: tokens.ids.slice(0, count),
    logprobs: tokens.logprobs.slice(0, count),
    alternatives: tokens.alternatives.slice(0, count),
  };
}

/** The drawn tokens with the one that ended the text, which completions tell of too: clients count on as many as they asked for. */
export function withEnd({ ids, logprobs, alternatives }: ScoredTokens, end: TextResult["end"]): ScoredTokens {
  if (!end) return { ids, logprobs, alternatives };
  return {
    ids: [...ids, end.id],
    logprobs: [...logprobs, end.logprob],
    alternatives: [...alternatives, end.alternatives],
  };
}
