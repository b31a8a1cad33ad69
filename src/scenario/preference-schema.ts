import { z } from "zod";
import { countTo, MOST } from "../limits.js";
import { defenceSchema } from "./defence-schema.js";

// Which conversations become training data. Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

export const preferenceSchema = z
  .strictObject({
    top: z
      .number()
      .positive()
      .default(0.5)
      .describe(
        "Interactions with the highest reward to learn from. Up to 1: a share of the interactions. Above 1: a count (the paper's k, 10,000 of 20,000).",
      ),
    bottom: z
      .number()
      .positive()
      .default(0.5)
      .describe(
        "Interactions with the lowest reward to learn away from, same units as top. Only KTO uses them.",
      ),
    level: z
      .enum(["global", "situation", "persona"])
      .optional()
      .describe(
        "Among which conversations the best and the worst are looked for: all of a round, or those of each situation or persona, of which each then gives its share (a count is of each). global if absent.",
      ),
    samples_per_turn: countTo(MOST.samples)
      .default(1)
      .describe(
        "Replies that the assistant draws to each user turn. The talk goes on from the first; the user rates all. DPO, which needs 2 or more, learns to prefer the best rated to the worst.",
      ),
    margin: countTo(MOST.users)
      .default(1)
      .describe("DPO: points between the ratings of two replies from which on they make a pair."),
    defences: z
      .array(defenceSchema)
      .max(MOST.defences)
      .default([])
      .describe("Stages between the conversations and the training, in their order; docs/defences.md."),
  })
  .prefault({})
  .describe("Which conversations become training data.");
