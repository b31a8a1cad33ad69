import { z } from "zod";
import { UserError } from "../../errors.js";
import type { ChatRequest, ConversationFilter, DraftRequest } from "../api.js";

// What a request may say; anything else is refused with the field's name.

const count = z.coerce.number().int().nonnegative();
const text = z.string().max(2_000);

const filterSchema = z.object({
  round: count.optional(),
  persona: text.optional(),
  situation: text.optional(),
  fate: z.enum(["top", "bottom", "compared", "unused", "unusable", "pending"]).optional(),
  min: z.coerce.number().optional(),
  max: z.coerce.number().optional(),
  text: text.optional(),
  order: z.enum(["file", "high", "low"]).optional(),
});

const pageSchema = z.object({ offset: count.default(0), limit: count.max(500).default(100) });
const conversationSchema = z.object({ round: count, id: text });
const probeSchema = z.object({ suite: text, probe: text });
const comparisonSchema = z.object({
  suite: text.optional(),
  metric: text.optional(),
  apart: z.stringbool().default(false),
});

const draftSchema = z.union([
  z.object({ yaml: z.string().max(200_000) }),
  z.object({ fields: z.record(z.string(), z.unknown()) }),
]);
const startSchema = z.object({ kind: z.enum(["run", "sweep"]), yaml: z.string().max(200_000) });

const chatSchema = z.object({
  run: text,
  round: z.int().nonnegative(),
  messages: z
    .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string().max(100_000) }))
    .min(1)
    .max(200),
  temperature: z.number().min(0).max(2),
  max_tokens: z.int().min(1).max(4_096),
});

export const filter = (query: unknown): ConversationFilter => read(filterSchema, query);
export const page = (query: unknown) => read(pageSchema, query);
export const conversation = (query: unknown) => read(conversationSchema, query);
export const probe = (query: unknown) => read(probeSchema, query);
export const comparison = (query: unknown) => read(comparisonSchema, query);
export const draft = (body: unknown): DraftRequest => read(draftSchema, body);
export const start = (body: unknown) => read(startSchema, body);
export const chat = (body: unknown): ChatRequest => read(chatSchema, body);

function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  throw new UserError(error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
}
