import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { jsonrepair } from "jsonrepair";
import type { z } from "zod";
import type { Message } from "../message.js";
import { check, dotted } from "../yaml/index.js";
import { type CompleteOptions, complete } from "./complete.js";
import { withoutThoughts } from "./thoughts.js";

export type StructuredOptions = Omit<CompleteOptions, "seed"> & {
  /** Name of the random stream; each attempt draws from one of its own below it. */
  seed: string;
  /** How often to ask before giving up; 3 if absent. */
  attempts?: number;
};

/**
 * Asks a chat model for JSON of a given form, and again where what comes cannot be read even after repair. Throws with the
 * last reason when no attempt gave any.
 */
export async function completeJson<T extends z.ZodType>(
  model: BaseChatModel,
  messages: readonly Message[],
  schema: T,
  { seed, attempts = 3, ...options }: StructuredOptions,
): Promise<z.output<T>> {
  let problem = "";
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { text, finish } = await complete(model, messages, {
      ...options,
      seed: `${seed}/attempt/${attempt}`,
    });
    const read = readJson(text, schema);
    if (read.problem === null) return read.data;
    problem =
      finish === "length"
        ? `${read.problem} (the reply was cut at ${options.maxTokens} tokens)`
        : read.problem;
  }
  throw new Error(`no usable JSON in ${attempts} replies; the last: ${problem}`);
}

/**
 * The JSON in a reply, checked against a schema. Prose and code fences around it are dropped, and what models get wrong
 * (quotes, commas, a missing end) is mended; a reply without any JSON is a problem, never data.
 */
export function readJson<T extends z.ZodType>(
  reply: string,
  schema: T,
): { data: z.output<T>; problem: null } | { data: null; problem: string } {
  const bad = (problem: string) => ({ data: null, problem });
  const said = withoutThoughts(reply);
  if (said === null) return bad("the reply ends within a thought");
  const text = jsonPart(said);
  if (text === null) return bad(`no JSON in the reply: ${JSON.stringify(reply.slice(0, 80))}`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    try {
      value = JSON.parse(jsonrepair(text));
    } catch (error) {
      return bad(`not JSON and beyond repair: ${(error as Error).message}`);
    }
  }
  const { ok, data, problems } = check(schema, value);
  if (ok) return { data, problem: null };
  const { path, message } = problems[0]!;
  return bad(`${dotted(path) || "the value"}: ${message}`);
}

/** From the first bracket to the last one that closes it, or to the end where the reply was cut. */
function jsonPart(reply: string): string | null {
  const fenced = /```(?:json)?\s*\n([\s\S]*?)(?:```|$)/i.exec(reply)?.[1];
  const text = fenced ?? reply;
  const start = text.search(/[{[]/);
  if (start < 0) return null;
  const end = text.lastIndexOf(text[start] === "{" ? "}" : "]");
  return text.slice(start, end > start ? end + 1 : undefined);
}
