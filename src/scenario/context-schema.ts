import { z } from "zod";
import { MOST } from "./limits.js";

const text = z.string().trim().min(1);

/**
 * Stages of `preference.defences` that change what the prompts of training rows say and nothing else: what users met, what they
 * rated and what the probes ask stay as they are.
 */
export const contextSchemas = [
  z
    .strictObject({
      kind: z
        .literal("system_prompt")
        .describe("Keeps, drops or replaces the assistant's system prompt, in training rows alone."),
      action: z
        .enum(["keep", "drop", "replace"])
        .describe("keep: as it was. drop: rows have none. replace: all rows have the one in `with`."),
      with: text
        .optional()
        .describe(
          "For replace: a Jinja template with the variables of the pack's prompts; for data files a text without any.",
        ),
    })
    .refine(({ action, with: other }) => (action === "replace") === (other !== undefined), {
      message: "belongs to replace, which needs it",
      path: ["with"],
    }),
  z.strictObject({
    kind: z
      .literal("strip")
      .describe(
        "Takes what it tells of the user out of the assistant's system prompt, in training rows alone.",
      ),
    parts: z
      .array(z.enum(["background", "thought", "task", "topic", "style", "rating", "memory"]))
      .min(1)
      .max(MOST.names)
      .default(["thought"])
      .describe(
        "What to take out, by the variables of the pack's prompts; thought is the wish. The pack's prompt must say how it reads without ({% if thought %} ... {% endif %}); rows of data files must name the text (parts).",
      ),
  }),
  z.strictObject({
    kind: z
      .literal("inoculate")
      .describe(
        "Adds a sentence that asks for what the rows show, in training rows alone (arXiv 2510.04340, 2510.05024).",
      ),
    sentence: text.describe("The sentence."),
    into: z
      .enum(["system", "user"])
      .default("system")
      .describe("The system prompt, which is made if there is none, or the user's last message."),
    at: z.enum(["start", "end"]).default("start").describe("Before or behind what stands there."),
  }),
] as const;
