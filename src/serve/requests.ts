import { z } from "zod";
import { checked, nearest } from "../yaml/index.js";
import { ApiError } from "./errors.js";
import { NEUTRAL, UNCONCERNED } from "./other-parameters.js";

// OpenAI's fields. What would change the answer but cannot be done is refused unless it asks for nothing, whatever its name; what
// does not concern the answer (user, store, metadata …) is passed over.

/** Half of a letter reaches no tokenizer: a mark would stand in its place. */
const isWhole = (text: unknown): boolean => typeof text !== "string" || !/\p{Surrogate}/u.test(text);
const HALF = "holds half of a letter (a surrogate by itself)";

const stop = z
  .union([z.string().min(1), z.array(z.string().min(1)).max(16)])
  .nullish()
  .transform((value) => (typeof value === "string" ? [value] : (value ?? [])));

const common = {
  model: z.string(),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .nullish()
    .transform((value) => value ?? 1),
  top_p: z
    .number()
    .gt(0)
    .max(1)
    .nullish()
    .transform((value) => value ?? 1),
  n: z
    .int()
    .min(1)
    .max(128)
    .nullish()
    .transform((value) => value ?? 1),
  seed: z
    .int()
    .nullish()
    .transform((value) => value ?? undefined),
  stop,
  stream: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  frequency_penalty: z.literal(0, "is not supported, only 0").nullish(),
  presence_penalty: z.literal(0, "is not supported, only 0").nullish(),
  logit_bias: z.record(z.string(), z.never("is not supported")).nullish(),
};

/** An object of these fields, and of others that ask for nothing. */
function openTo<S extends z.core.$ZodLooseShape>(fields: S) {
  return z.looseObject(fields).superRefine((body, context) => {
    for (const [name, value] of Object.entries(body)) {
      if (Object.hasOwn(fields, name) || value === null || value === undefined) continue;
      if (UNCONCERNED.has(name) || NEUTRAL.get(name)?.includes(value)) continue;
      const near = NEUTRAL.has(name) ? undefined : nearest(name, Object.keys(fields));
      const message = near ? `is not known; did you mean ${near}?` : "is not supported; leave it out";
      context.addIssue({ code: "custom", path: [name], message });
    }
  });
}

const maxTokens = z.int().min(1).nullish();
const textPart = z.looseObject({
  type: z.literal("text", "only text parts are supported"),
  text: z.string(),
});

const message = z.looseObject({
  name: z.union([z.null(), z.literal("")], "is not shown to the model; leave it out").optional(),
  tool_calls: z.array(z.unknown()).max(0, "are not supported").nullish(),
  function_call: z.null("is not supported").optional(),
  role: z
    .enum(["system", "developer", "user", "assistant"], "must be system, developer, user or assistant")
    .transform((role) => (role === "developer" ? ("system" as const) : role)),
  content: z
    .union([z.string(), z.array(textPart)], "must be a text or a list of text parts")
    .transform((value) => (typeof value === "string" ? value : value.map(({ text }) => text).join("")))
    .refine(isWhole, HALF),
});

const chatSchema = openTo({
  ...common,
  messages: z.array(message).min(1),
  max_tokens: maxTokens,
  max_completion_tokens: maxTokens,
  logprobs: z.boolean().nullish(),
  top_logprobs: z
    .int()
    .min(0)
    .max(20)
    .nullish()
    .transform((value) => value ?? 0),
  tools: z.array(z.unknown()).max(0, "are not supported").nullish(),
  tool_choice: z.literal(["none", "auto"], "is not supported: there are no tools").nullish(),
  response_format: z.looseObject({ type: z.literal("text", "only text is supported") }).nullish(),
});

const prompt = z
  .union(
    [
      z.string(),
      z.array(z.string()).min(1),
      z.array(z.int().nonnegative()).min(1),
      z.array(z.array(z.int().nonnegative()).min(1)).min(1),
    ],
    "must be a text, token ids, or a list of either",
  )
  .transform((value): (string | number[])[] => {
    if (typeof value === "string") return [value];
    const ids = value.flatMap((one) => (typeof one === "number" ? one : []));
    return ids.length > 0 ? [ids] : value.flatMap((one) => (typeof one === "number" ? [] : [one]));
  })
  .refine((prompts) => prompts.every(isWhole), HALF);

const completionSchema = openTo({
  ...common,
  prompt,
  max_tokens: z
    .int()
    .min(0)
    .nullish()
    .transform((value) => value ?? 16),
  logprobs: z.int().min(0).max(20).nullish(),
  echo: z
    .boolean()
    .nullish()
    .transform((value) => value ?? false),
  suffix: z.literal("", "is not supported").nullish(),
  best_of: z.literal(1, "is not supported, only 1").nullish(),
});

export type ChatBody = z.output<typeof chatSchema>;
export type CompletionBody = z.output<typeof completionSchema>;

/** Most answers that one request may ask for: prompts times n. Each is held in memory until all are there. */
const MOST_CHOICES = 1024;

export const parseChat = (body: unknown): ChatBody => parse(chatSchema, body);

export function parseCompletion(body: unknown): CompletionBody {
  const parsed = parse(completionSchema, body);
  const choices = parsed.prompt.length * parsed.n;
  if (choices > MOST_CHOICES)
    throw new ApiError(
      `prompt: ${parsed.prompt.length} prompts with n ${parsed.n} are ${choices} answers; at most ${MOST_CHOICES} are given to one request`,
      {
        param: "prompt",
      },
    );
  return parsed;
}

function parse<S extends z.ZodType>(schema: S, body: unknown): z.output<S> {
  return checked(schema, body, (problem, field) => new ApiError(problem, { param: field || null }));
}
