import { z } from "zod";

/** A no-op round: one that was to train left the assistant with an earlier checkpoint. */
export type NoOp = {
  /** The round whose checkpoint it has; 0 is the untrained assistant. */
  checkpoint: number;
  why: string;
  /** No later round trains either. */
  stopped?: true;
};

/** What a round may say of itself: the checkpoint is of an earlier one. */
export function noOpSchema(round: number): z.ZodType<NoOp> {
  return z.object({
    checkpoint: z
      .int()
      .min(0)
      .max(Math.max(0, round - 1)),
    why: z.string(),
    stopped: z.literal(true).optional(),
  });
}
