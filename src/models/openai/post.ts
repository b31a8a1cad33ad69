import { z } from "zod";
import { endpoint } from "../address.js";
import { BrokenOff, isCount, NotReported } from "../limits/index.js";
import type { ModelFields } from "../providers/schema.js";
import { addressesOf, apiKeyOf } from "./address.js";
import { parsed } from "./answer.js";
import type { Answered } from "./answered.js";
import { ask } from "./http.js";
import { wordsOf, wordsOfText } from "./words.js";

const countSchema = z.number().refine(isCount);

/** The counts of an answer, where it has any that can be counts. */
export const usageSchema = z
  .object({ prompt_tokens: countSchema, completion_tokens: countSchema })
  .nullish()
  .catch(null);

export function usageOf(
  usage: z.output<typeof usageSchema>,
): { input_tokens: number; output_tokens: number } | null {
  return usage ? { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens } : null;
}

/**
 * Posts fields to the chat completions of a server at one of its addresses and resolves to the answer's JSON. Throws NotReported where the server refuses a
 * field whose name `optional` matches, or else what it says.
 */
export type PostChat = (
  fields: Readonly<Record<string, unknown>>,
  to: { signal: AbortSignal; address: string | null },
  optional: RegExp,
) => Promise<unknown>;

/** Statuses with which servers refuse a field that they do not know. */
const UNKNOWN_FIELD = new Set([400, 422]);

export function postChat(model: string, fields: ModelFields, answered: Answered = () => {}): PostChat {
  const key = apiKeyOf(fields);
  const [first] = addressesOf(fields);
  return async (body, { signal, address }, optional) => {
    const { status, headers, text } = await ask(endpoint(address ?? first, "chat/completions"), {
      method: "POST",
      headers: { "content-type": "application/json", ...bearer(key) },
      body: JSON.stringify({ ...fields.parameters, model, ...body }),
      signal,
    });
    const json = parsed(text);
    if (status >= 200 && status < 300) {
      if (json === undefined) throw new BrokenOff(`the server's answer is no JSON: ${wordsOfText(text)}`);
      answered(json);
      return json;
    }
    const words = json === undefined ? wordsOfText(text) : wordsOf(json);
    if (UNKNOWN_FIELD.has(status) && optional.test(words)) throw new NotReported(optional.source);
    throw Object.assign(new Error(words), { status, headers: new Headers(headers) });
  };
}

/** The header with a key, if there is one. */
export function bearer(key: string | null): Record<string, string> {
  return key === null ? {} : { authorization: `Bearer ${key}` };
}
