import { join } from "node:path";
import { UserError } from "../../errors.js";
import { writeWhole } from "../../whole/index.js";
import { type AdapterConfig, parseAdapterConfig } from "./adapter-config.js";
import type { Checkpoint } from "./checkpoint.js";
import { checkAllFinite } from "./finite.js";
import { readText } from "./read-text.js";
import { readSafetensors, writeSafetensors } from "./safetensors.js";
import type { Weight, Weights } from "./weights.js";

/**
 * A LoRA adapter: each adapted layer's weight W [out, in] acts as W + lora_alpha / r * B A, with A [r, in] and B [out, r].
 * Weights stand under PEFT's names, `base_model.model.<layer>.lora_A.weight` and `...lora_B.weight`.
 */
export type Adapter = { config: AdapterConfig; weights: Weights };

const CONFIG = "adapter_config.json";
const WEIGHTS = "adapter_model.safetensors";
const LORA_TENSOR = /^base_model\.model\.model\.layers\.\d+\.(?:self_attn|mlp)\.\w+\.lora_[AB]\.weight$/;

/** The names of a layer's two adapter matrices. */
export function adapterNames(layer: string): { a: string; b: string } {
  return {
    a: `base_model.model.${layer}.lora_A.weight`,
    b: `base_model.model.${layer}.lora_B.weight`,
  };
}

/** The layer that one of the two belongs to, or undefined for any other name. */
function adaptedLayer(name: string): string | undefined {
  return /^base_model\.model\.(.+)\.lora_[AB]\.weight$/.exec(name)?.[1];
}

/**
 * Loads an adapter in PEFT's layout. Throws UserError on missing files, weights that are not finite, and on a setting or a tensor
 * that plain LoRA on linear layers does not have.
 */
export async function loadAdapter(dir: string): Promise<Adapter> {
  const config = parseAdapterConfig(await readText(join(dir, CONFIG)), join(dir, CONFIG));
  const path = join(dir, WEIGHTS);
  const { weights } = await readSafetensors(path);
  const stray = [...weights.keys()].find((name) => !LORA_TENSOR.test(name));
  if (stray !== undefined)
    throw new UserError(
      `${path}: ${stray} is no part of plain LoRA on linear layers (biases, embeddings and whole modules cannot be run)`,
    );
  checkAllFinite(weights, path);
  return { config, weights };
}

/**
 * Writes an adapter in PEFT's layout; `base` is recorded as `base_model_name_or_path`. Throws UserError on weights that are not
 * finite.
 */
export async function saveAdapter(dir: string, adapter: Adapter, base: string | null = null): Promise<void> {
  checkAllFinite(adapter.weights, join(dir, WEIGHTS));
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
  await writeWhole(join(dir, CONFIG), `${JSON.stringify(config, null, 2)}\n`);
}

/** The checkpoint's weights with the adapter folded in; layers without one are shared, not copied. */
export function mergeAdapter(checkpoint: Pick<Checkpoint, "weights">, adapter: Adapter): Weights {
  const merged: Weights = new Map(checkpoint.weights);
  for (const tensor of adapter.weights.keys()) {
    const name = `${adaptedLayer(tensor)}.weight`;
    const weight = checkpoint.weights.get(name);
    if (!weight) throw new UserError(`the adapter's ${tensor} has no counterpart in the checkpoint`);
    if (merged.get(name) === weight) merged.set(name, adaptWeight(name, weight, adapter));
  }
  return merged;
}

/** One weight of a checkpoint with its part of the adapter folded in; the same object where the adapter has none. */
export function adaptWeight(name: string, weight: Weight, { config, weights }: Adapter): Weight {
  const layer = name.replace(/\.weight$/, "");
  const names = adapterNames(layer);
  const [a, b] = [weights.get(names.a), weights.get(names.b)];
  if (!a && !b) return weight;
  if (!a || !b) throw new UserError(`the adapter has only one of the two matrices of ${layer}`);
  return addLowRank(layer, weight, a, b, config.lora_alpha / config.r);
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
