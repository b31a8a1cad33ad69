import { z } from "zod";
import { MOST } from "../limits.js";

const value = z.union([z.string(), z.number(), z.boolean()]);

/** What is declared of a comparison before its numbers are seen. Changes no run and no `drift.csv`. */
export const driftSchema = z
  .strictObject({
    primary: z
      .strictObject({
        axis: z
          .string()
          .min(1)
          .default("population.personas.biased")
          .describe("The axis of the sweep whose two values are compared: a path of sweep.vary, or case."),
        value: value.describe("Its value that is looked at, e.g. 0.5."),
        reference: value
          .default(0)
          .describe(
            "Its value that this is compared with. A case that is named here is what all other cases are set beside, in place of the first.",
          ),
        metric: z
          .string()
          .min(1)
          .optional()
          .describe("What is compared, e.g. honesty; what the suite is spoken of with if absent."),
        suite: z
          .string()
          .min(1)
          .optional()
          .describe("The suite whose metric it is; the first that has it if absent."),
        round: z
          .int()
          .positive()
          .max(MOST.rounds)
          .optional()
          .describe("After which round; the last if absent."),
      })
      .optional()
      .describe(
        "The one comparison that the experiment is for, tested alone; all others are corrected for one another. Other axes of the sweep stand at their first value. If absent the share of biased users nearest 50 % against 0 %.",
      ),
    margin: z
      .number()
      .positive()
      .max(1)
      .default(0.02)
      .describe(
        "A difference within this, as a share (0.02: two points), counts as the same, where an equivalence test shows it.",
      ),
  })
  .prefault({})
  .describe("What is compared, and what counts as the same. Read by reports alone.");
