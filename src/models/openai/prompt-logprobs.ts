import { z } from "zod";
import type { Message } from "../../message.js";
import { NotReported } from "../limits/index.js";
import { MOST_LOGPROB, type PutCall, type ScoredCompletion, type ScoreRequest } from "../score.js";
import { type PostChat, usageOf, usageSchema } from "./post.js";

const answerSchema = z.object({
  usage: usageSchema,
  prompt_logprobs: z.array(
    z
      .record(
        z.string(),
        z.object({ logprob: z.number().max(MOST_LOGPROB), decoded_token: z.string().nullish() }),
      )
      // None but the prompt's own token was asked for. Of several nobody can tell which that is.
      .refine((told) => Object.keys(told).length <= 1)
      .nullable(),
  ),
});

const readTokensSchema = z.array(
  z.object({ id: z.string(), token: z.string(), logprob: z.number().nullable() }),
);

/** A token of a conversation as a model reads it; the first has no probability. */
export type ReadToken = z.output<typeof readTokensSchema>[number];

/**
 * Has a server read a conversation with vLLM's `prompt_logprobs`. A last turn of the assistant is read as far as it goes,
 * without the end that the chat template would give it. Throws NotReported where the server knows no such thing.
 */
export async function readPrompt(
  post: PostChat,
  { signal }: ScoreRequest,
  messages: readonly Message[],
  put: PutCall,
): Promise<ReadToken[]> {
  const open = messages.at(-1)?.role === "assistant";
  const fields = {
    max_tokens: 1,
    temperature: 0,
    prompt_logprobs: 0,
    ...(open ? { add_generation_prompt: false, continue_final_message: true } : {}),
  };
  signal?.throwIfAborted();
  const text = await put({ messages, parameters: { prompt_logprobs: 0 } }, async (attempt, address) => {
    const answer = answerSchema.safeParse(
      await post({ ...fields, messages }, { signal: attempt, address }, /prompt_logprobs/),
    );
    if (!answer.success) throw new NotReported("prompt_logprobs");
    const tokens = answer.data.prompt_logprobs.map((one): ReadToken => {
      const [id, told] = Object.entries(one ?? {})[0] ?? ["", undefined];
      return { id, token: told?.decoded_token ?? "", logprob: told?.logprob ?? null };
    });
    return { text: JSON.stringify(tokens), finish: null, usage: usageOf(answer.data.usage) };
  });
  return readTokensSchema.parse(JSON.parse(text));
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
  const untold = rest.find(({ logprob }) => logprob === null);
  if (untold) throw new Error(`the server tells no probability of ${JSON.stringify(untold.token)}`);
  return { tokens: rest.map(({ token }) => token), logprobs: rest.map(({ logprob }) => logprob!) };
}
