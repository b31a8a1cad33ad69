import type { LlamaConfig } from "./config.js";

/** The linear layers of a block that LoRA may adapt, with their place in it. */
export const LINEAR_MODULES = {
  q_proj: "self_attn.q_proj",
  k_proj: "self_attn.k_proj",
  v_proj: "self_attn.v_proj",
  o_proj: "self_attn.o_proj",
  gate_proj: "mlp.gate_proj",
  up_proj: "mlp.up_proj",
  down_proj: "mlp.down_proj",
} as const;

export type LinearModule = keyof typeof LINEAR_MODULES;

/** [out, in] of each linear layer. */
export function linearShape(config: LlamaConfig, module: LinearModule): [number, number] {
  const { hiddenSize, intermediateSize, heads, kvHeads, headDim } = config;
  switch (module) {
    case "q_proj":
      return [heads * headDim, hiddenSize];
    case "k_proj":
    case "v_proj":
      return [kvHeads * headDim, hiddenSize];
    case "o_proj":
      return [hiddenSize, heads * headDim];
    case "gate_proj":
    case "up_proj":
      return [intermediateSize, hiddenSize];
    case "down_proj":
      return [hiddenSize, intermediateSize];
  }
}

/** The full name of a linear layer, e.g. `model.layers.0.self_attn.q_proj`. */
export function linearName(layer: number, module: LinearModule): string {
  return `model.layers.${layer}.${LINEAR_MODULES[module]}`;
}

/** Every weight a checkpoint of this configuration has, in the order of the forward pass. */
export function weightShapes(config: LlamaConfig): Map<string, number[]> {
  const { hiddenSize, headDim } = config;
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [config.vocabSize, hiddenSize]]]);
  for (let layer = 0; layer < config.layers; layer += 1) {
    const prefix = `model.layers.${layer}`;
    shapes.set(`${prefix}.input_layernorm.weight`, [hiddenSize]);
    for (const module of Object.keys(LINEAR_MODULES) as LinearModule[]) {
      const [out, input] = linearShape(config, module);
      shapes.set(`${linearName(layer, module)}.weight`, [out, input]);
      if (hasBias(config, module)) shapes.set(`${linearName(layer, module)}.bias`, [out]);
    }
    if (config.qkNorm) {
      shapes.set(`${prefix}.self_attn.q_norm.weight`, [headDim]);
      shapes.set(`${prefix}.self_attn.k_norm.weight`, [headDim]);
    }
    shapes.set(`${prefix}.post_attention_layernorm.weight`, [hiddenSize]);
  }
  shapes.set("model.norm.weight", [hiddenSize]);
  if (!config.tieWordEmbeddings) shapes.set("lm_head.weight", [config.vocabSize, hiddenSize]);
  return shapes;
}

/** Whether a linear layer of this configuration has a bias. */
export function hasBias(config: LlamaConfig, module: LinearModule): boolean {
  if (module === "q_proj" || module === "k_proj" || module === "v_proj") return config.qkvBias;
  return module === "o_proj" && config.outputBias;
}

/** Number of parameters, tied embeddings counted once. */
export function parameterCount(config: LlamaConfig): number {
  let count = 0;
  for (const shape of weightShapes(config).values())
    count += shape.reduce((product, dim) => product * dim, 1);
  return count;
}
