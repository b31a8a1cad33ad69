import { CannotServe, NotReported } from "../limits/index.js";
import {
  type PutCall,
  type ScoredCompletion,
  type ScoreRequest,
  type Scorer,
  totalLogprob,
} from "../score.js";
import type { PostChat } from "./post.js";
import { afterPrompt, type ReadToken, readPrompt } from "./prompt-logprobs.js";
import {
  beginningOf,
  type FirstToken,
  firstTokens,
  scoreByFirstToken,
  scoreByTwoTokens,
} from "./top-logprobs.js";

/** Characters up to which a candidate may well be one token: `Yes`, `B`, `10`. */
const SHORT = 6;
/** A probability below this share of what is known already is not worth a reading. */
const NEGLIGIBLE = 1e-3;

/**
 * Scores replies on an OpenAI-compatible server by whatever it tells. vLLM reads given texts (`prompt_logprobs`), so any reply
 * has its probability; of short ones it is asked for the likeliest first tokens first, one call in place of one a candidate,
 * and reads those alone that are none of them. Any other is asked for the likeliest first tokens of its own reply (`logprobs`, `top_logprobs`), which
 * is the probability of answers that are one token, and a bound for the rest. The first call finds out which. Throws CannotServe
 * where a server tells neither.
 */
export function openAIScorer(post: PostChat): Scorer {
  let reads: Promise<boolean> | undefined;
  return async (request, put) => {
    let prompt: Promise<ReadToken[]> | undefined;
    const read = () => {
      prompt ??= readPrompt(post, request, request.messages, put);
      return prompt;
    };
    if (!reads) {
      // One call settles it for all that are made at the same time.
      reads = read().then(
        () => true,
        (error: unknown) => {
          if (error instanceof NotReported) return false;
          reads = undefined;
          throw error;
        },
      );
    }
    if (!(await reads)) return (await byFirstToken(post, request, put)).scored;
    return await byReading(post, request, put, read);
  };
}

async function byReading(
  post: PostChat,
  request: ScoreRequest,
  put: PutCall,
  read: () => Promise<ReadToken[]>,
): Promise<ScoredCompletion[]> {
  const { messages, candidates } = request;
  const known = await shortOnes(post, request, put);
  const told = known.flatMap((one) => one ?? []);
  if (told.length === candidates.length) return told;
  const open = candidates.filter((_, index) => known[index] === undefined);
  const whole = (content: string) =>
    readPrompt(post, request, [...messages, { role: "assistant", content }], put);
  const [prompt, ...wholes] = await Promise.all([read(), ...open.map(whole)]);
  const scored = wholes.map((one, index) => afterPrompt(prompt!, one, open[index]!));
  return known.map((one) => one ?? scored.shift()!);
}

/**
 * What the likeliest first tokens tell of candidates that are all short, and the likeliest second ones of those that begin with
 * one of them (`10`): two calls that a server answers from what it remembers of the prompt, in place of a reading of the whole
 * for each. Undefined for those that have to be read.
 */
async function shortOnes(
  post: PostChat,
  request: ScoreRequest,
  put: PutCall,
): Promise<(ScoredCompletion | undefined)[]> {
  const { candidates } = request;
  const nothing = candidates.map(() => undefined);
  if (candidates.some((text) => text.trim().length > SHORT)) return nothing;
  try {
    const { tokens, scored } = await byFirstToken(post, request, put);
    const exact = scored.filter(({ bound }) => bound === undefined).map((one) => Math.exp(totalLogprob(one)));
    const least = NEGLIGIBLE * Math.max(0, ...exact);
    const after = new Map<string, Promise<FirstToken[]>>();
    const settle = async (one: ScoredCompletion, text: string): Promise<ScoredCompletion | undefined> => {
      if (one.bound === undefined || Math.exp(totalLogprob(one)) < least) return one;
      const beginning = beginningOf(text, tokens, least);
      if (!beginning) return undefined;
      const { begun } = beginning;
      if (!after.has(begun)) after.set(begun, firstTokens(post, request, put, begun));
      return scoreByTwoTokens(text, beginning, await after.get(begun)!) ?? undefined;
    };
    return await Promise.all(scored.map((one, index) => settle(one, candidates[index]!)));
  } catch (error) {
    if (error instanceof CannotServe) return nothing;
    throw error;
  }
}

/** What the likeliest first tokens tell of all candidates, and those tokens. */
async function byFirstToken(
  post: PostChat,
  request: ScoreRequest,
  put: PutCall,
): Promise<{ tokens: FirstToken[]; scored: ScoredCompletion[] }> {
  const tokens = await firstTokens(post, request, put);
  return { tokens, scored: request.candidates.map((text) => scoreByFirstToken(text, tokens)) };
}
