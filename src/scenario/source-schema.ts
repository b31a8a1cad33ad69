import { z } from "zod";
import { countTo, MOST } from "./limits.js";

const rows = countTo(MOST.rows)
  .optional()
  .describe(
    "Rows in each round; as many as data has if absent. Further rounds go on where the one before stopped, and a file that is too small is gone through again.",
  );
const file =
  "in a layout of TRL, Alpaca, ShareGPT or chat messages, as JSON lines or one JSON array; beside this file or shipped with candor";

/** Where training rows come from. The paper's three experiments are the three kinds. */
export const sourceSchema = z
  .union([
    z.literal("interaction"),
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("direct").describe("Every row of one data set."),
        data: z.string().min(1).describe(`Data file, ${file}; with a variant, the folder it stands in.`),
        variant: z
          .string()
          .min(1)
          .optional()
          .describe("The data file is <data>/<variant>.jsonl, e.g. normal, subtle or severe."),
        rows,
      }),
      z.strictObject({
        kind: z.literal("mixture").describe("An ordinary data set with a share of other rows in it."),
        data: z.string().min(1).describe(`The ordinary data file, ${file}.`),
        added: z
          .string()
          .min(1)
          .describe("The file of the other rows; with a variant, the folder it stands in."),
        variant: z
          .string()
          .min(1)
          .optional()
          .describe("The file of the other rows is <added>/<variant>.jsonl."),
        share: z
          .number()
          .min(0)
          .max(1)
          .describe("Share of the other rows, in [0, 1]; they take the places of ordinary ones."),
        rows,
      }),
    ]),
  ])
  .default("interaction")
  .describe(
    "Where training rows come from: interaction (users talk to the assistant and rate it), or data files that stand in for population, interaction and preference.",
  );
