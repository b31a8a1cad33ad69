import { z } from "zod";
import { NotTold } from "../limits/index.js";
import type { ModelFields } from "../resolve.js";
import { addressOf, apiKeyOf } from "./client.js";
import { plainFetch } from "./plain-fetch.js";

/** The counts of an answer, where it has any. */
export const usageSchema = z
  .object({ prompt_tokens: z.number(), completion_tokens: z.number() })
  .nullish()
  .catch(null);

export function usageOf(
  usage: z.output<typeof usageSchema>,
): { input_tokens: number; output_tokens: number } | null {
  return usage ? { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens } : null;
}

/**
 * Posts fields to a server's chat completions and resolves to the answer's JSON. Throws NotTold where the server refuses a
 * field whose name `optional` matches, or else what it says.
 */
export type PostChat = (
  fields: Readonly<Record<string, unknown>>,
  signal: AbortSignal | undefined,
  optional: RegExp,
) => Promise<unknown>;

/** Statuses with which servers refuse a field that they do not know. */
const UNKNOWN_FIELD = new Set([400, 422]);

export function postChat(model: string, fields: ModelFields): PostChat {
  const key = apiKeyOf(fields);
  const url = `${addressOf(fields).replace(/\/+$/, "")}/chat/completions`;
  return async (body, signal, optional) => {
    const response = await plainFetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...(key ? { authorization: `Bearer ${key}` } : {}) },
      body: JSON.stringify({ ...fields.parameters, model, ...body }),
      signal,
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text) as unknown;
    if (UNKNOWN_FIELD.has(response.status) && optional.test(text)) throw new NotTold(optional.source);
    throw Object.assign(new Error(text.slice(0, 300)), { status: response.status });
  };
}
