import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { type Checkpoint, parseJson, readText } from "./checkpoint.js";
import { readSafetensors, writeSafetensors } from "./safetensors.js";
import type { Weight, Weights } from "./weights.js";

/** The part of PEFT's LoraConfig that has a meaning here. */
export type AdapterConfig = { r: number; lora_alpha: number; target_modules: string[] };

/**
 * A LoRA adapter: each adapted layer's weight W [out, in] acts as W + lora_alpha / r * B A, with A [r, in] and B [out, r].
 * Weights stand under PEFT's names, `base_model.model.<layer>.lora_A.weight` and `...lora_B.weight`.
 */
export type Adapter = { config: AdapterConfig; weights: Weights };

const CONFIG = "adapter_config.json";
const WEIGHTS = "adapter_model.safetensors";

const configSchema = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.number().int().positive(),
  lora_alpha: z.number(),
  target_modules: z.array(z.string()),
  bias: z.literal("none").default("none"),
  use_rslora: z.literal(false).nullish(),
  use_dora: z.literal(false).nullish(),
  fan_in_fan_out: z.literal(false).nullish(),
  modules_to_save: z.array(z.string()).max(0).nullish(),
  rank_pattern: z.record(z.string(), z.never()).nullish(),
  alpha_pattern: z.record(z.string(), z.never()).nullish(),
});

/** The names of a layer's two adapter matrices. */
export function adapterNames(layer: string): { a: string; b: string } {
  return {
    a: `base_model.model.${layer}.lora_A.weight`,
    b: `base_model.model.${layer}.lora_B.weight`,
  };
}

/** The layer an A matrix belongs to, or undefined for any other name. */
function adaptedLayer(name: string): string | undefined {
  return /^base_model\.model\.(.+)\.lora_A\.weight$/.exec(name)?.[1];
}

/** Loads an adapter in PEFT's layout. Throws UserError on missing files or a kind of adapter the engine does not run. */
export async function loadAdapter(dir: string): Promise<Adapter> {
  const path = join(dir, CONFIG);
  const parsed = configSchema.safeParse(parseJson(await readText(path), path));
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new UserError(`${path}: ${issue.path.join(".")}: ${issue.message} (plain LoRA only)`);
  }
  const { r, lora_alpha, target_modules } = parsed.data;
  const { weights } = await readSafetensors(join(dir, WEIGHTS));
  return { config: { r, lora_alpha, target_modules }, weights };
}

/** Writes an adapter in PEFT's layout; `base` is recorded as `base_model_name_or_path`. */
export async function saveAdapter(dir: string, adapter: Adapter, base: string | null = null): Promise<void> {
  await writeSafetensors(join(dir, WEIGHTS), adapter.weights);
  const config = {
    peft_type: "LORA",
    task_type: "CAUSAL_LM",
    base_model_name_or_path: base,
    ...adapter.config,
    lora_dropout: 0,
    bias: "none",
    fan_in_fan_out: false,
    use_rslora: false,
    use_dora: false,
    modules_to_save: null,
    inference_mode: true,
  };
  await writeFileAtomic(join(dir, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

/** The checkpoint's weights with the adapter folded in; layers without one are shared, not copied. */
export function mergeAdapter(checkpoint: Pick<Checkpoint, "weights">, adapter: Adapter): Weights {
  const merged: Weights = new Map(checkpoint.weights);
  const scale = adapter.config.lora_alpha / adapter.config.r;
  for (const [name, a] of adapter.weights) {
    const layer = adaptedLayer(name);
    if (layer === undefined) continue;
    const weight = merged.get(`${layer}.weight`);
    const b = adapter.weights.get(adapterNames(layer).b);
    if (!weight || !b)
      throw new UserError(`the adapter's layer ${layer} has no counterpart in the checkpoint`);
    merged.set(`${layer}.weight`, addLowRank(layer, weight, a, b, scale));
  }
  return merged;
}

/** One weight of a checkpoint with its part of the adapter folded in; the same object where the adapter has none. */
export function adaptWeight(name: string, weight: Weight, { config, weights }: Adapter): Weight {
  const layer = name.replace(/\.weight$/, "");
  const names = adapterNames(layer);
  const [a, b] = [weights.get(names.a), weights.get(names.b)];
  return a && b ? addLowRank(layer, weight, a, b, config.lora_alpha / config.r) : weight;
}

/** W + scale * B A, accumulated in float64. */
function addLowRank(layer: string, weight: Weight, a: Weight, b: Weight, scale: number): Weight {
  const [rank = 0, columns = 0] = a.shape;
  const rows = b.shape[0] ?? 0;
  if (b.shape[1] !== rank || weight.shape[0] !== rows || weight.shape[1] !== columns)
    throw new UserError(
      `the adapter's ${layer} has A [${a.shape}] and B [${b.shape}], which do not fit a weight [${weight.shape}]`,
    );
  const data = new Float32Array(weight.data.length);
  const row = new Float64Array(columns);
  for (let i = 0; i < rows; i += 1) {
    row.fill(0);
    for (let k = 0; k < rank; k += 1) {
      const factor = b.data[i * rank + k]! * scale;
      for (let j = 0; j < columns; j += 1) row[j]! += factor * a.data[k * columns + j]!;
    }
    for (let j = 0; j < columns; j += 1) data[i * columns + j] = weight.data[i * columns + j]! + row[j]!;
  }
  return { shape: weight.shape, data };
}
