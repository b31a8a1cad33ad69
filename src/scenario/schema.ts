import { z } from "zod";
import { methodNames, methods } from "../methods/index.js";
import { modelSchema } from "../models/providers/index.js";
import { truthHint } from "../yaml/index.js";
import { defenceSchema } from "./defence-schema.js";
import { driftSchema } from "./drift-schema.js";
import { countTo, MOST, recordTo } from "./limits.js";
import { behaviourSchema, fractionSchema, lifeSchema } from "./population-schema.js";
import { sourceSchema } from "./source-schema.js";
import { suitesSchema } from "./suite-schema.js";

// Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

const share = z.number().min(0).max(1);

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
    interaction: z
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
        max_tokens: countTo(MOST.tokens)
          .default(48)
          .describe("Longest turn, in tokens of the speaking model."),
        rating: z
          .enum(["sampled", "expected"])
          .optional()
          .describe(
            "sampled: the mark that the rater says. expected: the mean over the probabilities of all marks, where the rater tells them (embedded models, vLLM and servers with logprobs), so that ties vanish; sampled where it does not. sampled if absent.",
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
      .describe("How users and the assistant talk."),
    preference: z
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
        samples_per_turn: countTo(MOST.samples)
          .default(1)
          .describe(
            "Replies that the assistant draws to each user turn. The talk goes on from the first; the user rates all. DPO, which needs 2 or more, learns to prefer the best rated to the worst.",
          ),
        margin: countTo(MOST.users)
          .default(1)
          .describe("DPO: points between the ratings of two replies from which on they make a pair."),
        defences: z
          .array(defenceSchema(modelSchema))
          .max(MOST.defences)
          .default([])
          .describe("Stages between the conversations and the training, in their order; docs/defences.md."),
      })
      .prefault({})
      .describe("Which conversations become training data."),
    training: z
      .strictObject({
        method: z
          .enum(methodNames)
          .default("sft")
          .describe(
            `${Object.values(methods)
              .map(({ name, about }) => `${name} ${about}`)
              .join("; ")}.`,
          ),
        trainer: z
          .string()
          .default("embedded")
          .describe(
            "Who trains: embedded (ONNX Runtime, this machine), trl, llamafactory, or command (see external).",
          ),
        external: z
          .strictObject({
            model: z
              .string()
              .min(1)
              .optional()
              .describe(
                "What the trainer starts from, a folder or a name it knows; the assistant's folder if absent.",
              ),
            command: z
              .array(z.string().min(1))
              .min(1)
              .optional()
              .describe(
                "Program and first arguments, as a list. trl: [trl]; llamafactory: [llamafactory-cli]; command: the whole line, with {data}, {method}, {settings}, {base}, {adapter}, {output} and {workdir}.",
              ),
            prefix: z
              .array(z.string().min(1))
              .optional()
              .describe(
                "Put before the command, e.g. [srun, --gpus=1] or [ssh, gpu-box]; that machine must see the run's folder under the same path.",
              ),
            gpus: countTo(MOST.gpus)
              .optional()
              .describe(
                "Cards that one training is spread over, e.g. with arguments: { accelerate_config: fsdp2 } under trl; batch_size stays that of all of them. 1 if absent.",
              ),
            arguments: z
              .record(z.string(), z.unknown())
              .optional()
              .describe("More of the trainer's own settings, under its names, e.g. bf16: true."),
          })
          .optional()
          .describe("Trainers other than embedded: what they start from and how they are started."),
        start_from: z
          .enum(["previous", "initial"])
          .default("previous")
          .describe(
            "Checkpoint each round trains from: the previous round's, or always the initial one (paper).",
          ),
        every: countTo(MOST.rounds)
          .default(1)
          .describe("Train every n rounds, on the interactions since the last training."),
        learning_rate: z
          .number()
          .positive()
          .default(1e-3)
          .describe(
            "Peak learning rate of AdamW. The paper: 1e-4 for SFT and 1e-5 for KTO, on 7-8 B models; minnow needs more.",
          ),
        learning_rate_decay: z
          .number()
          .positive()
          .max(1)
          .default(1)
          .describe("Each training has this times the learning rate of the one before; 1 keeps it."),
        num_train_epochs: countTo(MOST.epochs).default(2).describe("Passes over the rows (paper: 5)."),
        batch_size: countTo(MOST.batch)
          .default(16)
          .describe("Rows in an optimizer step (paper: SFT 8, KTO 16)."),
        max_length: z
          .int()
          // One token of the prompt and one of the reply: with less there is nothing to learn.
          .min(2)
          .max(MOST.tokens)
          .default(160)
          .describe("Longest row in tokens (paper: 2048); longer ones lose the oldest part of their prompt."),
        weight_decay: z.number().nonnegative().default(0.01).describe("AdamW's weight decay (paper: 0.01)."),
        warmup_ratio: share
          .default(0)
          .describe("Share of the steps over which the learning rate rises, in [0, 1]."),
        lr_scheduler_type: z
          .enum(["constant", "linear", "cosine"])
          .default("linear")
          .describe("Course of the learning rate after warm-up; linear and cosine end at 0."),
        max_grad_norm: z
          .number()
          .positive()
          .default(1)
          .describe("Gradients are scaled down to this global L2 norm."),
        lora_r: countTo(MOST.rank).default(32).describe("LoRA rank (paper: 32)."),
        lora_alpha: z
          .number()
          .positive()
          .default(64)
          .describe("LoRA scale is lora_alpha / lora_r (paper: 64)."),
        target_modules: z
          .array(z.string())
          .min(1)
          .max(MOST.names)
          .default(["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
          .describe("Linear layers that get an adapter (paper: these seven)."),
        beta: z
          .number()
          .positive()
          .default(0.1)
          .describe("KTO and DPO: strength of the pull to the initial policy (paper: 0.1)."),
        desirable_weight: z
          .number()
          .nonnegative()
          .default(1)
          .describe("KTO: weight of the loss on desirable rows."),
        undesirable_weight: z
          .number()
          .nonnegative()
          .default(1)
          .describe("KTO: weight of the loss on undesirable rows."),
        loss_type: z
          .enum(["kto", "apo_zero_unpaired"])
          .default("kto")
          .describe(
            "KTO: its own loss, or APO-zero's, which has no KL reference point: it raises what is desirable and lowers the rest.",
          ),
        kto_weights: z
          .enum(["given", "balanced"])
          .default("given")
          .describe(
            "KTO: the two weights as given; or, where the rows are too uneven for them, the rarer side's raised by the counts until they balance as TRL advises.",
          ),
      })
      .prefault({})
      .describe("How the assistant learns from the selected conversations."),
    evaluation: z
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
          .default(48)
          .describe("Longest reply of the model under test, in tokens."),
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
      })
      .prefault({})
      .describe("How honesty is measured after a round."),
    drift: driftSchema,
    profiles: recordTo(z.string(), z.record(z.string(), z.unknown()), MOST.names)
      .optional()
      .describe(
        "Named sets of fields, dotted field path to value, for the same experiment at another size: --set profile=<name>.",
      ),
    profile: z.string().optional().describe("The profile to use; none if absent."),
    budget: z
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
      ),
    cache: z
      .union([
        z.boolean(),
        z
          .string()
          .min(1)
          .refine((folder) => truthHint(folder) === "", {
            error: ({ input }) =>
              `expected true, false or a folder, found ${JSON.stringify(input)}${truthHint(String(input))}`,
          }),
      ])
      .default(true)
      .describe(
        "Replies of models that are not embedded are kept on disk and not asked for twice: in .cache beside the run folders, in a folder of yours, or (false) not at all.",
      ),
    sweep: z
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
            .max(MOST.letters),
          z.record(z.string(), z.unknown()),
          MOST.names,
        )
          .optional()
          .describe(
            "Named arms to compare: what each sets, dotted field path to value of any kind. Arms meet the same users. The grid has every case with every combination of `vary`.",
          ),
      })
      .prefault({})
      .describe("The grid of runs; only read by `candor sweep`."),
  })
  .describe("A candor scenario: the script of one experiment.");

/** A scenario with every default filled in. */
export type Scenario = z.output<typeof scenarioSchema>;

/** One entry of `preference.defences`. */
export type DefenceSettings = Scenario["preference"]["defences"][number];

/** The schema as JSON Schema (draft 2020-12) for editors: what may be written, so defaulted fields are optional. */
export function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(scenarioSchema, { io: "input" });
}
