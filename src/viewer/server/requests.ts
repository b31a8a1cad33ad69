import { zValidator } from "@hono/zod-validator";
import { z } from "zod";
import { InputError } from "../../errors.js";
import { check, dotted } from "../../yaml/index.js";

// What a request may say; anything else is refused with the field's name.

const count = z.coerce.number<string | number>().int().nonnegative();
const number = z.coerce.number<string | number>();
const text = z.string().max(2_000);
const yaml = z.string().max(200_000);
const shape = { run: text };
/** Levels of a scenario, as in its file. */
const DEEPEST = 64;

/** A run or sweep by its id. */
export const one = z.object(shape);
/** A result file of a run or sweep. */
export const file = z.object({ ...shape, name: text });
/** A run, or everything there is. */
export const perhaps = z.object({ run: text.optional() });

export const conversations = z.object({
  ...shape,
  round: count.optional(),
  persona: text.optional(),
  situation: text.optional(),
  fate: z.enum(["top", "bottom", "compared", "unused", "unusable", "pending"]).optional(),
  min: number.optional(),
  max: number.optional(),
  text: text.optional(),
  order: z.enum(["file", "high", "low"]).optional(),
  offset: count.default(0),
  limit: count.max(500).default(100),
});
export const conversation = z.object({ ...shape, round: count, id: text });
export const search = z.object({ ...shape, text });
export const probe = z.object({ ...shape, suite: text, probe: text });

export const comparison = z.object({
  run: z.union([text, z.array(text).max(1_000)]).transform((run) => [run].flat()),
  suite: text.optional(),
  metric: text.optional(),
  /** `true` keeps each seed by itself. */
  apart: z.stringbool().default(false),
});

const fields = z
  .record(z.string(), z.unknown())
  .refine((value) => depthOf(value) <= DEEPEST, `expected at most ${DEEPEST} levels`);
export const draft = z.union([z.object({ yaml }), z.object({ fields })]);
export const start = z.object({ kind: z.enum(["run", "sweep"]), yaml });

/** What people call a run or sweep; lengths are looked at where they are kept. */
export const labels = z.object({
  ...shape,
  name: text,
  tags: z.array(text).max(1_000),
  note: z.string().max(100_000),
  archived: z.boolean(),
});
/** A deletion, with what the reader was told that it takes. */
export const deletion = z.object({ ...shape, files: z.int(), bytes: z.int() });

export const chat = z.object({
  run: text,
  round: z.int().nonnegative(),
  messages: z
    .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string().max(100_000) }))
    .min(1)
    .max(200),
  temperature: z.number().min(0).max(2),
  max_tokens: z.int().min(1).max(4_096),
});

/** Checks a request's query by a schema. Throws an InputError that names each field that is wrong. */
export function query<Schema extends z.ZodType>(schema: Schema) {
  return zValidator("query", schema, refuseBy(schema));
}

/** Checks a request's JSON body by a schema. Throws an InputError that names each field that is wrong. */
export function body<Schema extends z.ZodType>(schema: Schema) {
  return zValidator("json", schema, refuseBy(schema));
}

function refuseBy(schema: z.ZodType): (result: { success: boolean; data: unknown }) => void {
  return ({ success, data }) => {
    if (success) return;
    const { problems } = check(schema, data);
    throw new InputError(problems.map(({ path, message }) => ({ field: dotted(path), what: message })));
  };
}

/** How many objects and lists stand within one another, counted level by level: a stranger's may be too deep to descend. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let level = [value]; level.length > 0 && depth <= DEEPEST; depth += 1)
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  return depth;
}
