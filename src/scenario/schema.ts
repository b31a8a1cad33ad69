import { z } from "zod";
import { countTo, MOST, recordTo } from "../limits.js";
import { modelSchema } from "../models/providers/index.js";
import { budgetSchema, cacheSchema } from "./cost-schema.js";
import { driftSchema } from "./drift-schema.js";
import { evaluationSchema } from "./evaluation-schema.js";
import { gateSchema } from "./gate-schema.js";
import { interactionSchema } from "./interaction-schema.js";
import { behaviourSchema, fractionSchema, lifeSchema } from "./population-schema.js";
import { preferenceSchema } from "./preference-schema.js";
import { sourceSchema } from "./source-schema.js";
import { sweepSchema } from "./sweep-schema.js";
import { trainingSchema } from "./training-schema.js";

// Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

export const scenarioSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9._-]*$/i, "expected letters, digits, dots, dashes and underscores")
      .max(MOST.letters)
      .describe("Name of the experiment; run folders begin with it."),
    description: z.string().default("").describe("What the experiment asks, for people."),
    seed: z
      .int()
      .nonnegative()
      .max(MOST.seed)
      .default(1)
      .describe("Seed of every random draw. A sweep with n seeds takes seed, seed + 1 … seed + n − 1."),
    rounds: countTo(MOST.rounds)
      .default(4)
      .describe("Times round the loop: talk, select, train, evaluate. The paper has one."),
    source: sourceSchema,
    models: z
      .strictObject({
        assistant: modelSchema.default("minnow").describe("The model under study; only this one learns."),
        user: modelSchema.default("minnow").describe("Speaks the users' turns; stays frozen."),
        rater: modelSchema
          .default("minnow")
          .describe("Rates each assistant reply as the user would; stays frozen."),
        judge: modelSchema
          .default("rule")
          .describe(
            "Judges statements in the evaluation: rule (phrases, for minnow's closed language), likelihood (the assistant's own probabilities of candidate statements, where probes have them; embedded models, those on vLLM and, for one-token candidates, servers that tell top_logprobs) or a chat model.",
          ),
      })
      .prefault({})
      .describe("Who speaks in each role."),
    situations: z
      .string()
      .default("minnow")
      .describe("Situation pack: a folder situations/<name> beside the scenario or shipped with candor."),
    prompts: z
      .string()
      .min(1)
      .optional()
      .describe(
        "YAML file beside the scenario with prompts that stand in for the pack's: assistant, user, rater, transcript, any of them; same variables.",
      ),
    population: z
      .strictObject({
        size: countTo(MOST.users)
          .default(240)
          .describe("Users in each round. The paper draws about 20,000; minnow needs a few hundred."),
        personas: recordTo(z.string(), fractionSchema, MOST.names).describe(
          "Persona name to its fraction of the population in [0, 1]; a list gives one a round (the last one holds on), `kind: ramp`, `step` or `pulse` a shape over rounds. In every round fractions sum to 1; at most one persona may be `rest`. Counts are exact (largest remainder).",
        ),
        behaviour: recordTo(z.string(), behaviourSchema, MOST.names)
          .default({})
          .describe(
            "Persona name to how its users talk and rate, in numbers; field by field over the persona's own.",
          ),
        life: lifeSchema
          .optional()
          .describe(
            "Lets users come again or stay away as they trust the assistant, so that fractions change by themselves; every round has new users if absent.",
          ),
        held_out: z
          .int()
          .nonnegative()
          .max(MOST.users)
          .default(0)
          .describe(
            "Further users in each round, of the same fractions, who talk and rate but are never learnt from.",
          ),
      })
      .prefault({ personas: { benign: "rest" } })
      .describe("Who the users are; only with source: interaction, which needs it."),
    interaction: interactionSchema,
    preference: preferenceSchema,
    training: trainingSchema,
    evaluation: evaluationSchema,
    drift: driftSchema,
    gate: gateSchema,
    profiles: recordTo(z.string(), z.record(z.string(), z.unknown()), MOST.names)
      .optional()
      .describe(
        "Named sets of fields, dotted field path to value, for the same experiment at another size: --set profile=<name>.",
      ),
    profile: z.string().optional().describe("The profile to use; none if absent."),
    budget: budgetSchema,
    cache: cacheSchema,
    sweep: sweepSchema,
  })
  .describe("A candor scenario: the script of one experiment.");

/** A scenario as it may be written. */
export type ScenarioInput = z.input<typeof scenarioSchema>;
/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;

/** One entry of `preference.defences`. */
export type DefenceSettings = Scenario["preference"]["defences"][number];

/** The schema as JSON Schema (draft 2020-12) for editors: what may be written, so defaulted fields are optional. */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: "input" });
}
