import { z } from "zod";
import { countTo, MOST } from "../limits.js";

// How users and the assistant talk, and how replies are rated. Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

export const interactionSchema = z
  .strictObject({
    exchanges: countTo(MOST.exchanges)
      .default(2)
      .describe("User turns with an assistant reply each, per conversation (paper: 2)."),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .default(1)
      .describe("Sampling temperature of all roles, in [0, 2]."),
    max_tokens: countTo(MOST.tokens).default(48).describe("Longest turn, in tokens of the speaking model."),
    rating: z
      .enum(["sampled", "expected"])
      .optional()
      .describe(
        "sampled: the mark that the rater says. expected: the mean over the probabilities of all marks, where the rater tells them (embedded models, vLLM and servers with logprobs), so that ties vanish; sampled where it does not. sampled if absent.",
      ),
    feedback: z
      .enum(["marks", "choices"])
      .optional()
      .describe(
        "marks: users give each reply a mark. choices: at each turn they see two replies (preference.samples_per_turn: 2) and say only which they prefer: the one that they would mark higher, by a coin where they would mark both alike. For methods that learn from pairs. marks if absent.",
      ),
    choosing: z
      .enum(["marks", "asked"])
      .optional()
      .describe(
        "With feedback: choices. marks: a user prefers the reply that it would mark higher. asked: it is shown both and asked for the letter of the one that it likes better, once in either order; the probabilities of the letters count where the rater tells them, and by rating the likelier is taken (expected) or one drawn (sampled). Packs in English. marks if absent.",
      ),
    reasons: z
      .boolean()
      .optional()
      .describe(
        "Whether simulated users say in a sentence why they gave each reply its mark, as real ones do in logs (source.columns.reason). Kept with talks and rows, and what reason_veto goes by. A call of the rater more for each reply. Packs in English. false if absent.",
      ),
    edits_to: z
      .number()
      .optional()
      .describe(
        "Simulated users write what they would rather have had in place of each reply that they mark no higher than this; it is learnt as edits of real users are (source.columns.edited). A call of the rater more for each such reply. Packs in English. Nobody edits if absent.",
      ),
    rater_check: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Pairs of replies of which each persona prefers one (JSON lines, docs/measurement.md), beside this file: the rater is checked on them before anything is spent, and a run whose rater fails says so first.",
      ),
    reward: z
      .enum(["sum", "mean"])
      .default("sum")
      .describe(
        "A conversation's reward: sum of the ratings of its replies, none if one is missing (paper); or mean of those given, none if there are none.",
      ),
  })
  .prefault({})
  .describe("How users and the assistant talk.");
