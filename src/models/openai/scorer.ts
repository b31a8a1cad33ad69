import { NotTold } from "../limits/index.js";
import type { PutCall, ScoredCompletion, ScoreRequest, Scorer } from "../score.js";
import type { PostChat } from "./post.js";
import { afterPrompt, type ReadToken, readPrompt } from "./prompt-logprobs.js";
import { firstTokens, scoreByFirstToken } from "./top-logprobs.js";

/**
 * Scores replies on an OpenAI-compatible server by whatever it tells. vLLM reads given texts (`prompt_logprobs`), so any reply
 * has its probability. Any other is asked for the likeliest first tokens of its own reply (`logprobs`, `top_logprobs`), which
 * is the probability of answers that are one token, and a bound for the rest. The first call finds out which. Throws CannotServe
 * where a server tells neither.
 */
export function openAIScorer(post: PostChat): Scorer {
  let reads: Promise<boolean> | undefined;
  return async (request, put) => {
    let prompt: Promise<ReadToken[]> | undefined;
    if (!reads) {
      // One call settles it for all that are made at the same time.
      prompt = readPrompt(post, request, request.messages, put);
      reads = prompt.then(
        () => true,
        (error: unknown) => {
          if (error instanceof NotTold) return false;
          reads = undefined;
          throw error;
        },
      );
    }
    if (!(await reads)) return await byFirstToken(post, request, put);
    return await byReading(post, request, put, prompt ?? readPrompt(post, request, request.messages, put));
  };
}

async function byReading(
  post: PostChat,
  request: ScoreRequest,
  put: PutCall,
  reading: Promise<ReadToken[]>,
): Promise<ScoredCompletion[]> {
  const { messages, candidates } = request;
  const read = (content: string) =>
    readPrompt(post, request, [...messages, { role: "assistant", content }], put);
  const [prompt, wholes] = await Promise.all([reading, Promise.all(candidates.map(read))]);
  return wholes.map((whole) => afterPrompt(prompt, whole));
}

async function byFirstToken(
  post: PostChat,
  request: ScoreRequest,
  put: PutCall,
): Promise<ScoredCompletion[]> {
  const tokens = await firstTokens(post, request, put);
  return request.candidates.map((text) => scoreByFirstToken(text, tokens));
}
