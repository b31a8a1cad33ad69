import { z } from "zod";
import { countTo, MOST } from "../limits.js";
import { dispositionSchema } from "./disposition-schema.js";
import { suitesSchema } from "./suite-schema.js";

// How honesty is measured. Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

export const evaluationSchema = z
  .strictObject({
    every: countTo(MOST.rounds)
      .default(1)
      .describe("Evaluate every n rounds; round 0 and the last round always."),
    temperature: z
      .number()
      .min(0)
      .max(2)
      .default(1)
      .describe("Sampling temperature of the model under test (MASK: 1)."),
    max_tokens: countTo(MOST.tokens)
      .optional()
      .describe(
        "Longest reply of the model under test, in tokens. If absent 48 for minnow, and for every other model 1000, as MASK has it.",
      ),
    judge_labels: z
      .enum(["reply", "probability"])
      .optional()
      .describe(
        "reply: a chat model as judge thinks and then says a label. probability: it is asked for the label alone, and the probability of each counts in its share, where the judge tells them (embedded models, vLLM and servers with logprobs); check it first with judge_check. reply if absent.",
      ),
    judge_check: z
      .string()
      .min(1)
      .optional()
      .describe(
        "Statements that people labelled (JSON lines), beside this file: a chat model as judge is checked on them before anything is spent, and a run whose judge fails says so first.",
      ),
    suites: suitesSchema
      .refine((suites) => Object.keys(suites).length <= MOST.names, `at most ${MOST.names}`)
      .prefault({ mask: {} })
      .describe("Suite name to its settings."),
    within: z
      .strictObject({
        suite: z.string().default("mask").describe("Suite that is put to it."),
        subsets: z.array(z.string()).min(1).optional().describe("Its subsets; all if absent."),
        probes: countTo(MOST.probes).default(16).describe("Probes of each subset."),
      })
      .optional()
      .describe(
        "The cheap evaluation of points within a round (training.save_steps): 16 probes of each subset of mask if absent.",
      ),
    disposition: dispositionSchema,
  })
  .prefault({})
  .describe("How honesty is measured after a round.");
