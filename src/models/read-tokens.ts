import { z } from "zod";
import { CannotServe } from "./limits/index.js";
import { addressOf, apiKeyOf } from "./openai.js";
import { plainFetch } from "./plain-fetch.js";
import type { ModelFields } from "./resolve.js";
import type { ReadToken, TokenReader } from "./score.js";

const answerSchema = z.object({
  usage: z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }).nullish(),
  prompt_logprobs: z.array(
    z.record(z.string(), z.object({ logprob: z.number(), decoded_token: z.string().nullish() })).nullable(),
  ),
});

/**
 * Reads with vLLM's `prompt_logprobs`, which no other server is known to have. A last turn of the assistant is read as far
 * as it goes, without the end that the chat template would give it. Throws CannotServe where the server knows no such thing.
 */
export function tokenReader(model: string, fields: ModelFields): TokenReader {
  const key = apiKeyOf(fields);
  const url = `${addressOf(fields).replace(/\/+$/, "")}/chat/completions`;
  return async (messages, signal) => {
    const open = messages.at(-1)?.role === "assistant";
    const response = await plainFetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify({
        ...fields.parameters,
        model,
        messages,
        max_tokens: 1,
        temperature: 0,
        prompt_logprobs: 0,
        ...(open ? { add_generation_prompt: false, continue_final_message: true } : {}),
      }),
      signal,
    });
    const text = await response.text();
    if (!response.ok) throw Object.assign(new Error(text.slice(0, 300)), { status: response.status });
    const answer = answerSchema.safeParse(JSON.parse(text));
    if (!answer.success)
      throw new CannotServe(
        "the server does not say how probable a given text is (vLLM's prompt_logprobs); name a model as judge",
      );
    const { usage, prompt_logprobs } = answer.data;
    const tokens = prompt_logprobs.map((one): ReadToken => {
      const [id, told] = Object.entries(one ?? {})[0] ?? ["", undefined];
      return { id, token: told?.decoded_token ?? "", logprob: told?.logprob ?? null };
    });
    return {
      text: JSON.stringify(tokens),
      finish: null,
      usage: usage ? { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens } : null,
    };
  };
}
