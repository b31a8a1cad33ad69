import { z } from "zod";
import { truthHint } from "../yaml/index.js";

// What models that are not embedded may cost. Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

export const budgetSchema = z
  .strictObject({
    tokens: z
      .int()
      .positive()
      .optional()
      .describe("Most tokens, read and written, of all models that are not embedded."),
    usd: z.number().positive().optional().describe("Most money, in USD, at the prices of the file."),
    prices: z
      .string()
      .min(1)
      .optional()
      .describe(
        "YAML file beside the scenario: model name (after openai:) to input and output, in USD per million tokens.",
      ),
  })
  .refine(({ usd, prices }) => usd === undefined || prices !== undefined, {
    message: "usd needs a file of prices",
    path: ["usd"],
  })
  .optional()
  .describe(
    "What a run, or a sweep with all its runs, may spend. It then stops and can be gone on from; calls in flight are still counted.",
  );

/** What somebody means who writes no folder. */
const meant = (text: string): string =>
  /^(?:none|never)$/iu.test(text.trim()) ? "; write false" : truthHint(text);

export const cacheSchema = z
  .union([
    z.boolean(),
    z
      .string()
      .min(1)
      .refine((folder) => meant(folder) === "", {
        error: ({ input }) =>
          `expected true, false or a folder, found ${JSON.stringify(input)}${meant(String(input))}`,
      }),
  ])
  .default(true)
  .describe(
    "Replies of models that are not embedded are kept on disk and not asked for twice: in .cache beside the run folders, in a folder of yours, or (false) not at all.",
  );
