import { z } from "zod";
import { suiteFields } from "../evaluation/settings.js";
import { countTo, MOST } from "../limits.js";

/** What every suite knows of. */
const common = {
  module: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A suite of one's own: a JavaScript module beside this file that exports one (docs/measurement.md). Needs --allow-modules.",
    ),
  probes: countTo(MOST.probes).optional().describe("Probes per subset; all of them if absent."),
  subsets: z.array(z.string()).optional().describe("Subsets to run; all of them if absent."),
  split: z
    .enum(["tune", "test", "all"])
    .optional()
    .describe("Probes for tuning, those held back for the measurement, or both (all, if absent)."),
  file: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe(
      "minnow or english: the probes shipped in that language; or a data file of the suite's real benchmark (CSV, JSON or JSON lines), a folder of them or a list, relative to this file. If absent: probes/<situations>/<suite>.jsonl or the folder probes/<situations>/<suite> beside this file if there is one, else the shipped ones in the assistant's language (minnow's for minnow, English for any other model).",
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
  options: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Settings of a module's suite, under its own names."),
};

const entry = z.strictObject(common);
/** Settings of a suite by its name: those of every suite, and of shipped ones their own beside them. */
type Entries = Record<string, z.output<typeof entry> & Record<string, unknown>>;

/** `evaluation.suites`: the suites that ship with the fields of their own, and any other with `options`. */
export const suitesSchema = z
  .object(
    Object.fromEntries(
      Object.entries(suiteFields).map(([name, fields]) => [
        name,
        z
          .strictObject({ ...common, ...fields })
          .optional()
          .describe(`Settings of the suite ${name}.`),
      ]),
    ),
  )
  .catchall(entry) as unknown as z.ZodType<Entries, Entries>;

/** What a suite's entry says beside the fields of every suite. */
export function ownSuiteFields(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(settings).filter(([name, value]) => !(name in common) && value !== undefined),
  );
}
