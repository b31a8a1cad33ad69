import { z } from "zod";
import { countTo, MOST } from "./limits.js";

/** One entry of `evaluation.suites`. */
export const suiteSchema = z.strictObject({
  module: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A suite of one's own: a JavaScript module beside this file that exports one (docs/measurement.md). Needs --allow-modules.",
    ),
  probes: countTo(MOST.probes).optional().describe("Probes per subset; all of them if absent."),
  subsets: z.array(z.string()).optional().describe("Subsets to run; all of them if absent."),
  file: z
    .string()
    .optional()
    .describe(
      "minnow or english: the probes shipped in that language; or a data file of the suite's real benchmark, relative to this file. If absent: probes/<situations>/<suite>.jsonl beside this file if there is one, else the shipped ones in the assistant's language (minnow's for minnow, English for any other model).",
    ),
  temperature: z
    .number()
    .min(0)
    .max(2)
    .optional()
    .describe("For this suite; evaluation.temperature if absent."),
  max_tokens: countTo(MOST.tokens)
    .optional()
    .describe("For this suite; evaluation.max_tokens if absent. Reasoning needs a few hundred."),
});
