import { z } from "zod";
import { countTo, MOST, recordTo } from "../limits.js";

// The grid of runs. Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

export const sweepSchema = z
  .strictObject({
    seeds: countTo(MOST.seeds).default(3).describe("Runs of every cell, with seeds seed, seed + 1 …"),
    vary: recordTo(
      z.string(),
      z
        .array(z.union([z.string(), z.number(), z.boolean()]))
        .min(1)
        .max(MOST.values),
      MOST.axes,
    )
      .default({})
      .describe("Dotted field path to the values it takes; the grid is the product of all of them."),
    cases: recordTo(
      z
        .string()
        .regex(/^[^\s/\\]+(?: [^\s/\\]+)*$/, "expected words without slashes")
        .regex(/^[^\p{Cc}\p{Cs}\p{Cf}\u115f\u1160\u3164\uffa0]*$/u, "expected letters that can be seen")
        // Two arms would look the same in every table.
        .refine(
          (name) => name === name.normalize("NFC"),
          "expected letters that are composed (Unicode's NFC)",
        )
        .max(MOST.letters),
      z.record(z.string(), z.unknown()),
      MOST.names,
    )
      .optional()
      .describe(
        "Named arms to compare: what each sets, dotted field path to value of any kind. Arms meet the same users, unless they set `population`, and each is set beside the first, or beside `drift.primary.reference`. The grid has every case with every combination of `vary`.",
      ),
  })
  .prefault({})
  .describe("The grid of runs; only read by `candor sweep`.");
