import type { Random } from "../../random.js";
import type { Adapter } from "../files/adapter.js";
import type { AdapterConfig } from "../files/adapter-config.js";
import { adapterShapes } from "../files/adapter-shapes.js";
import type { LlamaConfig } from "../files/config.js";
import { weightShapes } from "../files/weight-shapes.js";
import type { Weights } from "../files/weights.js";
import { elementCount } from "../graph/tensor.js";

const STANDARD_DEVIATION = 0.02;

/**
 * Random weights to pretrain from: normal with deviation 0.02, norms 1, biases 0; projections into the residual stream
 * (o_proj, down_proj) smaller by sqrt(2 * layers), so that the stream's variance does not grow with depth (GPT-2).
 */
export function initLlama(config: LlamaConfig, random: Random): Weights {
  const weights: Weights = new Map();
  for (const [name, shape] of weightShapes(config)) {
    const data = new Float32Array(elementCount(shape));
    if (name.endsWith("norm.weight")) data.fill(1);
    else if (shape.length === 2) {
      const residual = /\.(o_proj|down_proj)\.weight$/.test(name);
      fillNormal(
        data,
        residual ? STANDARD_DEVIATION / Math.sqrt(2 * config.layers) : STANDARD_DEVIATION,
        random,
      );
    }
    weights.set(name, { shape, data });
  }
  return weights;
}

/**
 * A fresh adapter as PEFT makes it: A uniform in +-1 / sqrt(in) (kaiming-uniform with a = sqrt(5)), B zero, so that the
 * adapted model starts equal to its base. Throws if no layer is targeted.
 */
export function initAdapter(config: LlamaConfig, adapter: AdapterConfig, random: Random): Adapter {
  const weights: Weights = new Map();
  for (const [name, shape] of adapterShapes(config, adapter)) {
    const data = new Float32Array(elementCount(shape));
    if (name.endsWith("lora_A.weight")) {
      const bound = 1 / Math.sqrt(shape[1]!);
      for (let i = 0; i < data.length; i += 1) data[i] = (2 * random() - 1) * bound;
    }
    weights.set(name, { shape, data });
  }
  if (weights.size === 0) throw new Error(`no layer is named by target_modules [${adapter.target_modules}]`);
  return { config: adapter, weights };
}

/** Box-Muller. */
function fillNormal(data: Float32Array, deviation: number, random: Random): void {
  for (let i = 0; i < data.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    data[i] = radius * Math.cos(angle);
    if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
  }
}
