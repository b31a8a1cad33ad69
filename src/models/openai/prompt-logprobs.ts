import { z } from "zod";
import type { Message } from "../../message.js";
import { BadAnswer, NotReported } from "../limits/index.js";
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
    requireToldApart(tokens);
    // Before it is remembered: the reading of another text would be that of this one for ever.
    if (open) requireEnd(tokens, messages.at(-1)!.content);
    return { text: JSON.stringify(tokens), finish: null, usage: usageOf(answer.data.usage) };
  });
  return readTokensSchema.parse(JSON.parse(text));
}

/** So many tokens of a conversation are never equally likely, to the last digit. */
const ALIKE = 8;

/** Throws BadAnswer where the server tells one number for whatever it reads. */
function requireToldApart(tokens: readonly ReadToken[]): void {
  const told = tokens.flatMap(({ logprob }) => logprob ?? []);
  if (told.length < ALIKE || told.some((one) => one !== told[0])) return;
  throw new BadAnswer(
    `the server tells ${told[0]} as the log-probability of each of ${told.length} tokens (prompt_logprobs), which is none`,
  );
}

/**
 * Throws BadAnswer where what was read does not end in a text: it is another conversation's, or the server knows no
 * `continue_final_message` and read an end of the turn with it.
 */
function requireEnd(tokens: readonly ReadToken[], text: string): void {
  const read = tokens.map(({ token }) => token);
  const whole = read.join("");
  const wanted = letters(text);
  if (letters(whole).endsWith(wanted)) return;
  // Characters in pieces, and servers that name no tokens, cannot be compared.
  if (read.slice(-wanted.length).some((token) => token === "" || token.includes("\uFFFD"))) return;
  throw new BadAnswer(
    `the server was to read a conversation up to ${JSON.stringify(text)}, and what it tells of (prompt_logprobs) ends in ${JSON.stringify(whole.slice(-(text.length + 20)))}`,
  );
}

/** What tokenizers leave as it is: no white space, for which some write other signs, no marks of pieces, no letters beyond ASCII. */
function letters(text: string): string {
  return text
    .replace(/<0x[0-9A-F]{2}>/gu, "")
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\x21-\x7E]|#/gu, "");
}

/**
 * What a conversation has more than the prompt that it begins with. Templates may end the prompt differently once a reply
 * follows, so the reply begins where the two part. Throws if nothing is left, or less than the reply.
 */
export function afterPrompt(
  prompt: readonly ReadToken[],
  whole: readonly ReadToken[],
  reply: string,
): ScoredCompletion {
  let start = 1;
  // The server names no first token: there is nothing before it that could make it probable.
  while (start < prompt.length && start < whole.length && prompt[start]!.id === whole[start]!.id) start += 1;
  const rest = whole.slice(start);
  if (rest.length === 0) throw new Error("the chat template gives a reply no tokens");
  requireEnd([whole[0]!, ...rest], reply);
  const untold = rest.find(({ logprob }) => logprob === null);
  if (untold) throw new Error(`the server tells no probability of ${JSON.stringify(untold.token)}`);
  return { tokens: rest.map(({ token }) => token), logprobs: rest.map(({ logprob }) => logprob!) };
}
