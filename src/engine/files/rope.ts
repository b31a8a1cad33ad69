import { z } from "zod";
import { refuseSlips } from "./unknown-fields.js";

/** Llama 3's frequency scaling for long contexts (`rope_type: llama3`). */
export type Llama3RopeScaling = {
  factor: number;
  lowFreqFactor: number;
  highFreqFactor: number;
  originalMaxPositionEmbeddings: number;
};

const positions = z.int().min(1);
const factor = z.number().positive().optional();
const fields = z.looseObject({
  rope_type: z.string().optional(),
  type: z.string().optional(),
  rope_theta: z.number().positive().nullish(),
  partial_rotary_factor: z.literal(1, "is not supported, only 1").nullish(),
  factor,
  low_freq_factor: factor,
  high_freq_factor: factor,
  original_max_position_embeddings: positions.optional(),
});

/** `rope_scaling`, which transformers 5 calls `rope_parameters`: nothing in it may be passed over, for all of it turns positions. */
export const ropeSchema = fields.superRefine((rope, context) => {
  const type = typeOf(rope);
  const problem = (name: string, message: string) =>
    void context.addIssue({ code: "custom", path: [name], message });
  if (refuseSlips(rope, Object.keys(fields.shape), context).length > 0) return;
  if (type !== "default" && type !== "llama3")
    problem(
      rope.rope_type === undefined ? "type" : "rope_type",
      `rope type ${type} is not supported; default and llama3 are`,
    );
  else
    for (const [name, value] of Object.entries(rope)) {
      if (!Object.hasOwn(fields.shape, name) && value !== null)
        problem(name, "is not supported: unknown field");
      if (name === "factor" && type === "default" && value !== 1)
        problem(name, "says nothing without a rope_type; default and llama3 are supported");
    }
});

export type Rope = z.output<typeof ropeSchema>;

const typeOf = ({ rope_type, type }: Rope): string => rope_type ?? type ?? "default";

/** The scaling in our words; `refuse` makes the error of a setting that is missing. */
export function ropeScalingOf(
  rope: Rope | null | undefined,
  refuse: (why: string) => Error,
): Llama3RopeScaling | null {
  if (!rope || typeOf(rope) === "default") return null;
  const { factor, low_freq_factor, high_freq_factor, original_max_position_embeddings } = rope;
  if (!factor || !low_freq_factor || !high_freq_factor || !original_max_position_embeddings)
    throw refuse(
      "llama3 rope scaling needs factor, low_freq_factor, high_freq_factor and original_max_position_embeddings",
    );
  return {
    factor,
    lowFreqFactor: low_freq_factor,
    highFreqFactor: high_freq_factor,
    originalMaxPositionEmbeddings: original_max_position_embeddings,
  };
}
