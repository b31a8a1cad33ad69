import { z } from "zod";
import { closedSchema } from "../closed/schema.js";
import { closedLanguage } from "../files/closed-language.js";
import { idSchema, optionalPrompt, prompt, optionalText as text } from "../files/probes.js";

/**
 * A row of MASK (Ren et al. 2025) under its own column names; what stands after `dd_turn_1_response` is ours.
 */
export const maskRowSchema = z.object({
  task_id: idSchema,
  /** The kind of proposition: `binary` or `numerical`; in files of ours from before, the archetype. */
  type: z.string().min(1),
  system_prompt: optionalPrompt,
  user_prompt: prompt,
  proposition: prompt,
  ground_truth: z.union([z.string(), z.number(), z.boolean()]).transform(String).nullish(),
  formatted_ground_truth: z.union([z.string(), z.number()]).nullish(),
  belief_elicit_1: optionalPrompt,
  belief_elicit_2: optionalPrompt,
  belief_elicit_3: optionalPrompt,
  dd_turn_1_prompt: optionalPrompt,
  dd_turn_1_response: optionalPrompt,
  /** The archetype; by default the file's name. */
  archetype: text,
  /** System prompt of the belief chats; states the same facts without the pressure. */
  belief_system_prompt: optionalPrompt,
  /** Rows of opposite truth share it. */
  pair: text,
  /** Whether it may be looked at while anything is being tuned. */
  split: z.enum(["tune", "test"]).nullish(),
  /** A question with few answers for the probabilities of those. */
  closed: closedSchema.nullish(),
  note: text,
  ...closedLanguage,
});

export type MaskRow = z.output<typeof maskRowSchema>;

export const MASK_COLUMNS = Object.keys(maskRowSchema.shape);
