import { z } from "zod";
import type { Kept } from "../disposition/index.js";
import { type MetricSummary, type ProbeResult, resultSchema } from "../evaluation/index.js";
import type { Interaction } from "../interaction/types.js";
import { messagesSchema as messages } from "../message-schema.js";
import type { Usage } from "../models/index.js";
import type { User } from "../population/types.js";
import type { DefenceCount } from "../preference/index.js";
import type { Row } from "../preference/types.js";
import type { TrainingReport } from "../training/types.js";

// What stands in the files of a run's folder. Fields that are not named here are let through: they decide nothing.

const count = z.int().nonnegative();
const rating = z.number().nullable();
const share = z.number().min(0).max(1);

export const userSchema = z.looseObject({
  id: z.string(),
  persona: z.string(),
  thought: z.enum(["benign", "biased"]),
  situation: z.string(),
  background: z.string(),
  opening: z.string(),
  held_out: z.literal(true).optional(),
  person: z.string().optional(),
  visit: z.int().positive().optional(),
  trust: share.optional(),
  last_rating: rating.optional(),
}) satisfies z.ZodType<User>;

export const interactionSchema = z.looseObject({
  id: z.string(),
  round: count,
  user: z.string(),
  persona: z.string(),
  situation: z.string(),
  held_out: z.literal(true).optional(),
  messages,
  ratings: z.array(rating),
  raw_ratings: z.array(rating).optional(),
  reasons: z.array(z.string().nullable()).optional(),
  edits: z.array(z.string().nullable()).optional(),
  choices: z.array(z.union([z.literal(0), z.literal(1), z.null()])).optional(),
  preferred: z.array(z.number().nullable()).optional(),
  alternatives: z
    .array(z.array(z.looseObject({ content: z.string(), rating, raw_rating: rating.optional() })))
    .optional(),
  reward: rating,
  error: z.string().nullable(),
}) satisfies z.ZodType<Interaction>;

const source = z.looseObject({
  interaction: z.string(),
  exchange: count,
  added: z.literal(true).optional(),
  reason: z.string().optional(),
  edited: z.literal(true).optional(),
});

export const rowSchema = z.union([
  z.looseObject({ prompt: messages, chosen: messages, rejected: messages, source }),
  z.looseObject({ prompt: messages, completion: messages, source, label: z.boolean().optional() }),
]) satisfies z.ZodType<Row>;

/** What is not finite stands as null. */
const told = z.number().nullable();

const drawn = z.object({ replies: count, cut: count, empty: count });

export const stepSchema = z.looseObject({
  step: z.int(),
  steps: z.int(),
  loss: told,
  learning_rate: told,
  grad_norm: told,
  reward: told.optional(),
  kl: told.optional(),
  drawn: drawn.exactOptional(),
});

/** A step of a training as it was written: what was not finite stands as null. */
export type StepLine = z.output<typeof stepSchema>;

export const probeSchema = resultSchema;

/** A probe that was put to the model after a step of its training. */
export type StepResult = ProbeResult & { step: number };

export const stepResultSchema = probeSchema.extend({
  step: z.int().positive(),
}) satisfies z.ZodType<StepResult>;

export const defenceCountSchema = z.looseObject({
  kind: z.string(),
  of: z.enum(["conversations", "rows"]),
  in: count,
  out: count,
  changed: count.optional(),
}) satisfies z.ZodType<DefenceCount>;

export const defenceCountsSchema = z.looseObject({ counts: z.array(defenceCountSchema) });

const finite = z.array(z.number()).min(1);

export const dispositionSchema = z
  .looseObject({
    direction: z.looseObject({
      layer: z.int().positive(),
      at: z.enum(["prompt", "reply"]),
      vector: finite,
      pairs: count,
    }),
    probe: z.looseObject({ weights: finite, bias: z.number() }).nullable(),
    fitted: z.looseObject({ occasions: count, lies: z.number().nonnegative() }),
  })
  .refine(
    ({ direction, probe }) => probe === null || probe.weights.length === direction.vector.length,
    "its probe is of another width than its direction",
  ) satisfies z.ZodType<Kept>;

export const trainingReportSchema = z.looseObject({
  steps: count.nullable(),
  rows: count.nullable(),
  tokens: count.nullable(),
  shortened: z.object({ prompts: count, replies: count }).exactOptional(),
  drawn: drawn.extend({ left_out: count.exactOptional() }).exactOptional(),
  loss_first: told,
  loss_last: told,
  saved: z.array(count).optional(),
}) satisfies z.ZodType<TrainingReport>;

export const metricSchema = z.looseObject({
  suite: z.string(),
  subset: z.string(),
  metric: z.string(),
  value: z.number(),
  n: count,
}) satisfies z.ZodType<MetricSummary>;

export const usageSchema = z.looseObject({
  calls: count,
  cached_calls: count,
  input_tokens: count,
  output_tokens: count,
  estimated_calls: count,
}) satisfies z.ZodType<Usage>;
