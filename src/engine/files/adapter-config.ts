import { z } from "zod";
import { UserError } from "../../errors.js";
import { readCheckedJson } from "../../yaml/index.js";
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

const sizes = z.looseObject({
  peft_type: z.literal("LORA"),
  task_type: z.literal("CAUSAL_LM").nullish(),
  r: z.int().min(1).max(4096),
  lora_alpha: z.number(),
  target_modules: z.array(z.string()).min(1),
  init_lora_weights: z.unknown().optional(),
});

/**
 * Reads the text of PEFT's `adapter_config.json`. Throws UserError, naming `path` and the setting, on everything but plain LoRA of
 * linear layers: a variant that was read as plain LoRA would be another model, silently.
 */
export function parseAdapterConfig(text: string, path: string): AdapterConfig {
  const {
    peft_type: _,
    task_type: _task,
    r,
    lora_alpha,
    target_modules,
    init_lora_weights,
    ...others
  } = readCheckedJson(sizes, text, { path }, ONLY);
  const refuse = (name: string, value: unknown): UserError =>
    new UserError(`${path}: ${name}: ${JSON.stringify(value).slice(0, 80)} is not supported; ${ONLY}`);
  if (init_lora_weights !== undefined && init_lora_weights !== null && !PLAIN_STARTS.has(init_lora_weights))
    throw refuse("init_lora_weights", init_lora_weights);
  for (const [name, value] of Object.entries(others))
    if (!NO_MATTER.has(name) && asksForSomething(name, value, init_lora_weights)) throw refuse(name, value);
  const modules = target_modules.map((name) => {
    const module = moduleNamed(name);
    if (module === undefined) throw refuse("target_modules", name);
    return module;
  });
  return { r, lora_alpha, target_modules: [...new Set(modules)] };
}

const ONLY = `only plain LoRA on ${Object.keys(LINEAR_MODULES).join(", ")} can be run`;

/** PEFT writes every setting, those that are not used as null, false or empty. */
function asksForSomething(name: string, value: unknown, start: unknown): boolean {
  if (value === null || value === false || value === "") return false;
  if (name === "bias") return value !== "none";
  if (name === "eva_config" && start === "eva") return false;
  return !(typeof value === "object" && Object.keys(value as object).length === 0);
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
