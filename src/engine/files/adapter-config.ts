import { z } from "zod";
import { readCheckedJson } from "../../yaml/index.js";
import { asksForNothing, refuseSlips, unread } from "./unknown-fields.js";
import { LINEAR_MODULES, type LinearModule } from "./weight-shapes.js";

/** The part of PEFT's LoraConfig that has a meaning here. */
export type AdapterConfig = { r: number; lora_alpha: number; target_modules: string[] };

/** Says how an adapter was made or is to be trained, never what it computes. */
const NO_MATTER: ReadonlySet<string> = new Set([
  "auto_mapping",
  "base_model_name_or_path",
  "inference_mode",
  "lora_dropout",
  "megatron_core",
  "peft_version",
  "qalora_group_size",
  "revision",
]);

/** Ways to draw the first weights that leave those of the base alone; all others (pissa, olora, corda, loftq) change them. */
const PLAIN_STARTS: ReadonlySet<unknown> = new Set([true, false, "gaussian", "eva", "orthogonal"]);

const read = z.looseObject({
  peft_type: z.literal("LORA"),
  task_type: z.literal("CAUSAL_LM").nullish(),
  r: z.int().min(1).max(4096),
  lora_alpha: z.number(),
  target_modules: z.array(z.string()).min(1),
  init_lora_weights: z.unknown().optional(),
  ...unread(NO_MATTER),
  ...unread(["bias"]),
});

const configSchema = read.superRefine((config, context) => {
  const refuse = (path: (string | number)[], value: unknown): void =>
    void context.addIssue({
      code: "custom",
      path,
      message: `${JSON.stringify(value).slice(0, 80)} is not supported`,
    });
  const { init_lora_weights: start, target_modules } = config;
  const known = Object.keys(read.shape).filter((name) => name !== "bias");
  const told = new Set([...known, ...refuseSlips(config, Object.keys(read.shape), context)]);
  if (start !== undefined && start !== null && !PLAIN_STARTS.has(start)) refuse(["init_lora_weights"], start);
  for (const [name, value] of Object.entries(config))
    if (!told.has(name) && asksForSomething(name, value, start)) refuse([name], value);
  for (const [index, name] of target_modules.entries())
    if (moduleNamed(name) === undefined) refuse(["target_modules", index], name);
});

/**
 * Reads the text of PEFT's `adapter_config.json`. Throws UserError, naming `path` and the setting with its line, on everything but
 * plain LoRA of linear layers: a variant that was read as plain LoRA would be another model, silently.
 */
export function parseAdapterConfig(text: string, path: string): AdapterConfig {
  const { r, lora_alpha, target_modules } = readCheckedJson(configSchema, text, { file: path }, ONLY);
  return { r, lora_alpha, target_modules: [...new Set(target_modules.map((name) => moduleNamed(name)!))] };
}

const ONLY = `only plain LoRA on ${Object.keys(LINEAR_MODULES).join(", ")} can be run`;

function asksForSomething(name: string, value: unknown, start: unknown): boolean {
  if (asksForNothing(value)) return false;
  if (name === "bias") return value !== "none";
  return !(name === "eva_config" && start === "eva");
}

/** A layer of one block, by its whole name or the end of it. */
const OF_ONE_BLOCK = /^(?:(?:model\.)?layers\.)?\d+\.(.+)$/u;

/**
 * The kind of layer that a name of PEFT's means: its last part, or with the block's part it stands in, or the layer of one block
 * (all-linear is written so; whether every block is there is seen by the weights).
 */
function moduleNamed(name: string): LinearModule | undefined {
  const inBlock = OF_ONE_BLOCK.exec(name)?.[1] ?? name;
  const modules = Object.keys(LINEAR_MODULES) as LinearModule[];
  return modules.find((module) => module === name || LINEAR_MODULES[module] === inBlock);
}
