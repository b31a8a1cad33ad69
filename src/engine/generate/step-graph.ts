import type { LlamaConfig } from "../files/config.js";
import { type FileRange, Graph, type Tensor } from "../graph/graph.js";
import { type AttentionInputs, attention, attentionInputs } from "./attention-graph.js";

const MICROSOFT = "com.microsoft";
export const EMBEDDING = "model.embed_tokens.weight";
const HEAD = "lm_head.weight";

type KeyValue = { key: Tensor; value: Tensor };

/** Weights by their names in the checkpoint, in memory or in a file. */
export type WeightSource = ReadonlyMap<string, { shape: number[]; data: Float32Array | FileRange }>;

/** The model as a graph, and the names of what it gives. */
export type StepGraph = {
  graph: Graph;
  /** [positions, vocabulary]. */
  logits: Tensor;
  /** What draws go by, [positions, vocabulary]: exp((logit - largest) / temperature), so that the likeliest weighs 1. */
  weights: Tensor;
  /** Keys and values of the new tokens, [layers, keys then values, batch, kv heads, sequence, head size]. */
  newKeyValues: Tensor;
};

/**
 * A Llama that reads `sequence` new tokens in each row of a batch, after a past of any length. Logits are given for the
 * flat positions `logit_index` of the [batch × sequence] grid, with weights at the temperatures whose inverses are fed.
 * With `single`, `sequence` is always 1.
 */
export function buildStepGraph(
  config: LlamaConfig,
  source: WeightSource,
  { single = false }: { single?: boolean } = {},
): StepGraph {
  const { hiddenSize, kvHeads, headDim, layers } = config;
  const graph = new Graph();
  const ids = graph.input("ids", ["batch", "sequence"], "int64");
  const logitIndex = graph.input("logit_index", ["positions"], "int64");
  const inverseTemperature = graph.input("inverse_temperature", ["positions", 1]);
  const shared = attentionInputs(graph, headDim, single ? null : ["masks", 1, "grouped", "sequence"]);
  const constant = constants(graph, source);
  const embedding = constant(EMBEDDING);
  let hidden = graph.emit(
    "Gather",
    [embedding, ids],
    { shape: ["batch", "sequence", hiddenSize] },
    { axis: 0 },
  );
  const made: Tensor[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const past = {
      key: graph.input(`past_key_${layer}`, ["batch", kvHeads, "past", headDim]),
      value: graph.input(`past_value_${layer}`, ["batch", kvHeads, "past", headDim]),
    };
    // Behind the last layer's attention nothing is needed but what logits are made of.
    const rest = layer === layers - 1 ? (x: Tensor) => rowsAt(graph, x, logitIndex) : (x: Tensor) => x;
    const block = decoderBlock(graph, config, constant, `model.layers.${layer}`, hidden, past, shared, rest);
    hidden = block.hidden;
    made.push(block.made.key, block.made.value);
  }
  const normed = rmsNorm(graph, config, hidden, constant("model.norm.weight"));
  // Of its own even where tied: ONNX Runtime then lets go of all but the packed form, and of a mapped file only the
  // looked-up rows of the embedding are ever resident.
  const head = config.tieWordEmbeddings ? constant(EMBEDDING, HEAD) : constant(HEAD);
  const logits = linear(graph, normed, head, config.vocabSize);
  // One output instead of many small ones; the layers' parts lie one after the other.
  const newKeyValues = graph.emit(
    "Concat",
    made,
    { shape: ["parts", kvHeads, "sequence", headDim] },
    { axis: 0 },
  );
  const largest = graph.emit(
    "ReduceMax",
    [logits, graph.int64List([-1])],
    { shape: ["positions", 1] },
    { keepdims: 1 },
  );
  const below = graph.emit("Sub", [logits, largest], { shape: logits.shape });
  const scaled = graph.emit("Mul", [below, inverseTemperature], { shape: logits.shape });
  const weights = graph.emit("Exp", [scaled], { shape: logits.shape });
  return { graph, logits, weights, newKeyValues };
}

/** A weight as a constant, under another name if one is given. */
type Constants = (name: string, as?: string) => Tensor;

/** Weights become constants of the graph: ONNX Runtime packs them once for its matrix kernels. */
export function constants(graph: Graph, weights: WeightSource): Constants {
  return (name, as = name) => {
    const weight = weights.get(name);
    if (!weight) throw new Error(`the weights lack ${name}`);
    return graph.constant(weight.data, weight.shape, as);
  };
}

export function decoderBlock(
  graph: Graph,
  config: LlamaConfig,
  constant: Constants,
  prefix: string,
  hidden: Tensor,
  past: KeyValue,
  shared: AttentionInputs,
  rest: (x: Tensor) => Tensor = (x) => x,
): { hidden: Tensor; made: KeyValue } {
  const { hiddenSize, intermediateSize } = config;
  const normed = rmsNorm(graph, config, hidden, constant(`${prefix}.input_layernorm.weight`));
  const projected = projections(graph, config, constant, `${prefix}.self_attn`, normed);
  const { attended, key, value } = attention(graph, config, projected, past, shared);
  let output = linear(graph, rest(attended), constant(`${prefix}.self_attn.o_proj.weight`), hiddenSize);
  if (config.outputBias) output = addBias(graph, output, constant(`${prefix}.self_attn.o_proj.bias`));
  const middle = graph.emit("Add", [rest(hidden), output], { shape: output.shape });
  const inner = rmsNorm(graph, config, middle, constant(`${prefix}.post_attention_layernorm.weight`));
  const gate = linear(graph, inner, constant(`${prefix}.mlp.gate_proj.weight`), intermediateSize);
  const up = linear(graph, inner, constant(`${prefix}.mlp.up_proj.weight`), intermediateSize);
  // x · sigmoid(1 · x) is SiLU.
  const silu = graph.emit("QuickGelu", [gate], { shape: gate.shape }, { alpha: { float: 1 } }, MICROSOFT);
  const product = graph.emit("Mul", [silu, up], { shape: up.shape });
  const down = linear(graph, product, constant(`${prefix}.mlp.down_proj.weight`), hiddenSize);
  return { hidden: graph.emit("Add", [middle, down], { shape: middle.shape }), made: { key, value } };
}

/** Those rows of a [batch, sequence, size] tensor that stand at the flat positions, [positions, size]. */
function rowsAt(graph: Graph, x: Tensor, positions: Tensor): Tensor {
  const size = x.shape.at(-1)!;
  const flat = graph.emit("Reshape", [x, graph.int64List([-1, Number(size)])], { shape: ["tokens", size] });
  return graph.emit("Gather", [flat, positions], { shape: ["positions", size] }, { axis: 0 });
}

function projections(
  graph: Graph,
  config: LlamaConfig,
  constant: Constants,
  prefix: string,
  normed: Tensor,
): { query: Tensor; key: Tensor; value: Tensor } {
  const { heads, kvHeads, headDim } = config;
  const project = (name: string, size: number): Tensor => {
    const product = linear(graph, normed, constant(`${prefix}.${name}.weight`), size);
    return config.qkvBias ? addBias(graph, product, constant(`${prefix}.${name}.bias`)) : product;
  };
  const query = project("q_proj", heads * headDim);
  const key = project("k_proj", kvHeads * headDim);
  const value = project("v_proj", kvHeads * headDim);
  if (!config.qkNorm) return { query, key, value };
  return {
    query: headNorm(graph, config, query, heads, constant(`${prefix}.q_norm.weight`)),
    key: headNorm(graph, config, key, kvHeads, constant(`${prefix}.k_norm.weight`)),
    value,
  };
}

/** RMSNorm over each head of a [batch, sequence, heads × head size] projection. */
function headNorm(graph: Graph, config: LlamaConfig, x: Tensor, heads: number, scale: Tensor): Tensor {
  const { headDim } = config;
  const split = graph.emit("Reshape", [x, graph.int64List([0, 0, heads, headDim])], {
    shape: ["batch", "sequence", heads, headDim],
  });
  const normed = rmsNorm(graph, config, split, scale);
  return graph.emit("Reshape", [normed, graph.int64List([0, 0, heads * headDim])], { shape: x.shape });
}

function rmsNorm(graph: Graph, { rmsNormEps }: LlamaConfig, x: Tensor, scale: Tensor): Tensor {
  return graph.emit(
    "SimplifiedLayerNormalization",
    [x, scale],
    { shape: x.shape },
    { axis: -1, epsilon: { float: rmsNormEps }, stash_type: 1 },
  );
}

function addBias(graph: Graph, x: Tensor, bias: Tensor): Tensor {
  return graph.emit("Add", [x, bias], { shape: x.shape });
}

/** x Wᵀ for a Hugging Face weight [out, in]. */
function linear(graph: Graph, x: Tensor, weight: Tensor, size: number): Tensor {
  return graph.emit(
    "FusedMatMul",
    [x, weight],
    { shape: [...x.shape.slice(0, -1), size] },
    { transA: 0, transB: 1, alpha: { float: 1 } },
    MICROSOFT,
  );
}
