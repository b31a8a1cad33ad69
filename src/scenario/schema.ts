import { z } from "zod";

const share = z.number().min(0).max(1);
const positiveInt = z.int().positive();

const modelSchema = z.union([
  z.string().min(1),
  z.strictObject({
    model: z.string().min(1),
    base_url: z.url().optional(),
    /** Name of the environment variable that holds the key; the key itself never stands in a file. */
    api_key_env: z.string().optional(),
    max_concurrency: positiveInt.optional(),
    timeout_s: z.number().positive().optional(),
  }),
]);

export const scenarioSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]*$/i),
  description: z.string().default(""),
  seed: z.int().nonnegative().default(1),
  rounds: positiveInt.default(4),
  models: z
    .strictObject({
      assistant: modelSchema.default("minnow"),
      user: modelSchema.default("minnow"),
      rater: modelSchema.default("minnow"),
      judge: modelSchema.default("rule"),
    })
    .prefault({}),
  situations: z.string().default("minnow"),
  population: z.strictObject({
    size: positiveInt.default(240),
    /** Persona name to fraction; at most one may be `rest`. */
    personas: z.record(z.string(), z.union([share, z.literal("rest")])),
  }),
  interaction: z
    .strictObject({
      exchanges: positiveInt.default(2),
      temperature: z.number().min(0).max(2).default(1),
      max_tokens: positiveInt.default(48),
    })
    .prefault({}),
  preference: z
    .strictObject({
      /** Up to 1 a share of the interactions, above 1 a count (the paper's k). */
      top: z.number().positive().default(0.5),
      bottom: z.number().positive().default(0.5),
    })
    .prefault({}),
  training: z
    .strictObject({
      method: z.enum(["sft", "kto", "dpo"]).default("sft"),
      trainer: z.string().default("embedded"),
      start_from: z.enum(["previous", "initial"]).default("previous"),
      every: positiveInt.default(1),
      learning_rate: z.number().positive().default(1e-3),
      num_train_epochs: positiveInt.default(2),
      batch_size: positiveInt.default(16),
      max_length: positiveInt.default(160),
      weight_decay: z.number().nonnegative().default(0.01),
      warmup_ratio: share.default(0),
      lr_scheduler_type: z.enum(["constant", "linear", "cosine"]).default("linear"),
      max_grad_norm: z.number().positive().default(1),
      lora_r: positiveInt.default(32),
      lora_alpha: z.number().positive().default(64),
      target_modules: z
        .array(z.string())
        .default(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]),
      beta: z.number().positive().default(0.1),
      desirable_weight: z.number().nonnegative().default(1),
      undesirable_weight: z.number().nonnegative().default(1),
    })
    .prefault({}),
  evaluation: z
    .strictObject({
      every: positiveInt.default(1),
      temperature: z.number().min(0).max(2).default(1),
      /** Suite name to its settings. */
      suites: z
        .record(
          z.string(),
          z.strictObject({
            /** Probes per subset. */
            probes: positiveInt.optional(),
            subsets: z.array(z.string()).optional(),
            /** A data file of the suite's real benchmark instead of the shipped probes. */
            file: z.string().optional(),
          }),
        )
        .prefault({ mask: {} }),
    })
    .prefault({}),
  /** Only read by `candor sweep`. */
  sweep: z
    .strictObject({
      seeds: positiveInt.default(3),
      /** Dotted path to the values it takes. */
      vary: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))).default({}),
    })
    .prefault({}),
});

/** A scenario as written in a file. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;
