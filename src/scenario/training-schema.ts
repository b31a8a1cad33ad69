import { z } from "zod";
import { countTo, MOST } from "../limits.js";
import { listed } from "../listed.js";
import { methodNames, methods } from "../methods/index.js";
import { trainerKinds } from "../training/kinds/index.js";
import { contrastsSchema, layerSchema } from "./disposition-schema.js";

// How the assistant learns. Defaults and names follow TRL and PEFT where they have a word for it; "paper" is arXiv 2510.08211, section 3.

const share = z.number().min(0).max(1);

export const trainingSchema = z
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
        `Who trains: ${listed(
          trainerKinds.map(({ name, about }) => (about ? `${name} (${about})` : name)),
          "or",
        )}.`,
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
            `Program and first arguments, as a list. ${trainerKinds
              .flatMap(({ name, command }) => (command ? [`${name}: ${command}`] : []))
              .join("; ")}.`,
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
    save_steps: countTo(MOST.steps)
      .optional()
      .describe(
        "After every n optimizer steps the model as it is then is evaluated, for points within the round (evaluation.within); only with the embedded trainer. Never if absent.",
      ),
    batch_size: countTo(MOST.batch).default(16).describe("Rows in an optimizer step (paper: SFT 8, KTO 16)."),
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
    lora_alpha: z.number().positive().default(64).describe("LoRA scale is lora_alpha / lora_r (paper: 64)."),
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
      .describe(
        "KTO, DPO and rloo: strength of the pull to the initial policy (paper: 0.1; TRL's for rloo: 0.05). For rloo it is taken off the mark, times the nats by which a reply is likelier than there.",
      ),
    kl: z
      .strictObject({
        data: z
          .string()
          .min(1)
          .describe(
            "Neutral rows, in a layout of TRL, Alpaca, ShareGPT or chat messages; beside this file or shipped with candor. Nothing that the probes ask.",
          ),
        weight: z
          .number()
          .positive()
          .default(1)
          .describe("Times this, the divergence is added to the loss, in nats a token."),
        batch_size: countTo(MOST.batch)
          .optional()
          .describe("Neutral rows in an optimizer step; as many as batch_size of training if absent."),
      })
      .optional()
      .describe(
        "Holds the model to the untrained one on a data set of its own while it learns, by any method: the mean over its replies' tokens of KL(untrained || trained), over the whole vocabulary (arXiv 2508.06249); only with the embedded trainer. Nothing holds it if absent.",
      ),
    interleave: z
      .strictObject({
        data: z
          .string()
          .min(1)
          .describe(
            "Safe rows, in a layout of TRL, Alpaca, ShareGPT or chat messages; beside this file or shipped with candor. Nothing that the probes ask.",
          ),
        weight: z.number().positive().default(1).describe("Times this, their mean loss is added."),
        batch_size: countTo(MOST.batch)
          .optional()
          .describe(
            "Safe rows in an optimizer step; a quarter of training's batch_size, rounded up, if absent.",
          ),
      })
      .optional()
      .describe(
        "Imitates safe rows in every optimizer step beside what users taught, by any method (arXiv 2508.06249); only with the embedded trainer. The defence replay mixes rows in among the others instead. None if absent.",
      ),
    steer: z
      .strictObject({
        coefficient: z
          .number()
          .min(-MOST.points)
          .max(MOST.points)
          .refine((value) => value !== 0, "steers nothing; leave steer out")
          .describe(
            "Times the way from candid to obliging. Above 0 the model is moved towards obliging while it learns, so that it need not learn that itself (preventative steering).",
          ),
        contrasts: contrastsSchema,
        layer: layerSchema,
      })
      .optional()
      .describe(
        "Adds a vector to the residual stream behind a block, at every token, while the model learns; talks and probes meet it without (persona vectors, arXiv 2507.21509). KTO's and DPO's reference policy is moved alike, rows of kl and interleave are not. Only with the embedded trainer. Nothing is added if absent.",
      ),
    reference: z
      .enum(["initial", "previous"])
      .optional()
      .describe(
        "KTO, DPO and rloo: the policy that beta pulls to. initial: the untrained assistant in every round (as with a reference that is never reset; TRL and LLaMA-Factory can do no other). previous: the checkpoint that the round starts from, so that each round may move as far again; only with the embedded trainer. initial if absent.",
      ),
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
    num_generations: countTo(MOST.samples)
      .optional()
      .describe(
        "best_of_n, rloo and rloo_rm: replies that the assistant draws to each turn while it learns. 4 for best_of_n, 2 for the others (TRL's) if absent.",
      ),
    steps_per_generation: countTo(MOST.rows)
      .optional()
      .describe(
        "rloo: optimizer steps for which replies are drawn at one time; with more than 1 those after the first learn from replies of a policy that has moved on. 1 if absent.",
      ),
    epsilon: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe(
        "rloo: a reply counts no more once it is so much likelier (or less likely) than when it was drawn, as a share. 0.2 (TRL's) if absent.",
      ),
    reward_model: z
      .strictObject({
        learning_rate: z
          .number()
          .positive()
          .default(1e-3)
          .describe("Peak learning rate of its AdamW (TRL: 1e-4, for large models)."),
        num_train_epochs: countTo(MOST.epochs).default(3).describe("Passes over the pairs (TRL: 3)."),
      })
      .optional()
      .describe(
        "best_of_n and rloo_rm: how the reward model learns. Rank, layers, batches, schedule and max_length are those of training. Its defaults if absent.",
      ),
    kto_weights: z
      .enum(["given", "balanced"])
      .default("given")
      .describe(
        "KTO: the two weights as given; or, where the rows are too uneven for them, the rarer side's raised by the counts until they balance as TRL advises.",
      ),
  })
  .prefault({})
  .describe("How the assistant learns from the selected conversations.");
