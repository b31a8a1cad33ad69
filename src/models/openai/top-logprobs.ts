import { z } from "zod";
import type { Message } from "../../message.js";
import { type CachedReply, CannotServe, NotReported } from "../limits/index.js";
import { isTooMuch, MOST_LOGPROB, type PutCall, type ScoredCompletion, type ScoreRequest } from "../score.js";
import { type PostChat, usageOf, usageSchema } from "./post.js";

/** OpenAI tells at most 20, vLLM as many unless it is started with more; some servers 5. */
const WANTED = [20, 5];
/** What servers write for a probability that they did not work out. */
const UNKNOWN_LOGPROB = -9_999;

const NEITHER =
  "the server does not say how probable a given text is (prompt_logprobs, as vLLM has it) nor its likeliest first tokens (top_logprobs); name a model as judge";

const toldSchema = z.object({ token: z.string(), logprob: z.number().max(MOST_LOGPROB) });
const answerSchema = z.object({
  usage: usageSchema,
  choices: z.tuple(
    [
      z.object({
        logprobs: z.object({
          content: z.tuple([toldSchema.extend({ top_logprobs: z.array(toldSchema) })], z.unknown()),
        }),
      }),
    ],
    z.unknown(),
  ),
});
const firstTokensSchema = z.array(toldSchema);

/** A first token of a reply with the natural logarithm of its probability. */
export type FirstToken = z.output<typeof toldSchema>;

/**
 * The likeliest first tokens of the model's reply; with `begun`, the likeliest tokens after a reply that begins so, for servers that
 * continue a turn as vLLM does. Throws CannotServe where the server tells none.
 */
export async function firstTokens(
  post: PostChat,
  request: ScoreRequest,
  put: PutCall,
  begun?: string,
): Promise<FirstToken[]> {
  const { signal } = request;
  const goesOn = begun === undefined ? {} : { add_generation_prompt: false, continue_final_message: true };
  const messages: readonly Message[] =
    begun === undefined ? request.messages : [...request.messages, { role: "assistant", content: begun }];
  for (const wanted of WANTED) {
    signal?.throwIfAborted();
    const parameters = { logprobs: true, top_logprobs: wanted, max_tokens: 1, ...goesOn };
    // Some servers tell the probabilities after the temperature: at 1 both are the model's own.
    const fields = { ...parameters, temperature: 1, messages };
    try {
      const text = await put({ messages, parameters }, async (attempt, address) =>
        readFirst(await post(fields, { signal: attempt, address }, /logprobs/)),
      );
      return firstTokensSchema.parse(JSON.parse(text));
    } catch (error) {
      if (!(error instanceof NotReported)) throw error;
    }
  }
  throw new CannotServe(NEITHER);
}

function readFirst(given: unknown): CachedReply {
  const answer = answerSchema.safeParse(given);
  if (!answer.success) throw new NotReported("top_logprobs");
  const [{ top_logprobs, ...drawn }] = answer.data.choices[0].logprobs.content;
  const told = new Map([drawn, ...top_logprobs].map(({ token, logprob }) => [token, logprob]));
  const tokens = [...told].flatMap(([token, logprob]) =>
    logprob > UNKNOWN_LOGPROB ? [{ token, logprob: Math.min(0, logprob) }] : [],
  );
  const sum = tokens.reduce((all, { logprob }) => all + Math.exp(logprob), 0);
  if (tokens.length === 0 || isTooMuch(sum)) throw new NotReported("top_logprobs");
  return { text: JSON.stringify(tokens), finish: null, usage: usageOf(answer.data.usage) };
}

/**
 * How likely a reply is to begin with a text, from the likeliest first tokens. A text that is a token, with or without white space
 * before it, has its probability. For any other the most that it can be is told: that of the tokens that it begins with, and of
 * all that were not named.
 */
export function scoreByFirstToken(text: string, tokens: readonly FirstToken[]): ScoredCompletion {
  const wanted = text.trimStart();
  const sum = (some: readonly FirstToken[]): number =>
    some.reduce((total, { logprob }) => total + Math.exp(logprob), 0);
  const same = tokens.filter(({ token }) => token.trimStart() === wanted);
  if (same.length > 0) return { tokens: [text], logprobs: [logOf(sum(same))] };
  const beginnings = tokens.filter(({ token }) => wanted.startsWith(token.trimStart()));
  const least = Math.min(...tokens.map(({ logprob }) => logprob));
  const rest = 1 - sum(tokens);
  // No unnamed token is likelier than the last one named; rounding can leave less than nothing for them.
  const unnamed = rest > 0 ? Math.min(rest, Math.exp(least)) : Math.exp(least);
  return { tokens: [text], logprobs: [logOf(sum(beginnings) + unnamed)], bound: "upper" };
}

/**
 * The first token that a longer text goes on from (`1` of `10`), with its probability; null where there is none, where several are not
 * negligible beside `least`, or where white space stands before it: a server may not go on from that.
 */
export function beginningOf(
  text: string,
  tokens: readonly FirstToken[],
  least: number,
): { begun: string; logprob: number } | null {
  const wanted = text.trimStart();
  const likely = tokens.filter(({ token, logprob }) => {
    const begun = token.trimStart();
    return begun !== "" && wanted.startsWith(begun) && Math.exp(logprob) >= least;
  });
  const [only] = likely;
  if (!only || likely.length > 1 || only.token !== only.token.trimStart()) return null;
  return { begun: only.token, logprob: only.logprob };
}

/** A text that goes on from a beginning, by the likeliest tokens after it; null where the rest is not one of them. */
export function scoreByTwoTokens(
  text: string,
  { begun, logprob }: { begun: string; logprob: number },
  next: readonly FirstToken[],
): ScoredCompletion | null {
  const rest = text.trimStart().slice(begun.length);
  const found = next.find(({ token }) => token === rest);
  return found ? { tokens: [begun, rest], logprobs: [logprob, found.logprob] } : null;
}

function logOf(probability: number): number {
  return Math.log(Math.min(1, probability));
}
