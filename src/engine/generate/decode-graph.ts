import type { LlamaConfig } from "../files/config.js";
import type { Weights } from "../files/weights.js";
import { Graph, type Tensor } from "../graph/graph.js";

const MICROSOFT = "com.microsoft";

/** The names under which a decoding graph takes and gives its tensors. */
export type DecodeGraph = {
  graph: Graph;
  /** [logit_index, vocabulary]. */
  logits: Tensor;
  /** Key and value caches after the step, one pair a layer, [batch, kv heads, capacity, head size]. */
  presents: { key: Tensor; value: Tensor }[];
};

/**
 * One step of a Llama over a batch with a key-value cache: `ids` [batch, sequence] are appended to each row's cache and
 * logits are given for the flat positions `logit_index` of the [batch × sequence] grid. Either all rows begin (then
 * shorter ones are padded on the right) or all rows go on by one token. ONNX Runtime's GroupQueryAttention reads only
 * the filled part of each row's cache and does the rotation, so padding costs no attention and changes no result.
 */
export function buildDecodeGraph(config: LlamaConfig, weights: Weights): DecodeGraph {
  const { hiddenSize, kvHeads, headDim, layers } = config;
  const graph = new Graph();
  const ids = graph.input("ids", ["batch", "sequence"], "int64");
  const logitIndex = graph.input("logit_index", ["positions"], "int64");
  const shared: AttentionInputs = {
    lastIndex: graph.input("last_index", ["batch"], "int32"),
    totalLength: graph.input("total_length", [1], "int32"),
    cos: graph.input("cos", ["rotary", headDim / 2]),
    sin: graph.input("sin", ["rotary", headDim / 2]),
  };
  const constant = constants(graph, weights);
  const embedding = constant("model.embed_tokens.weight");
  let hidden = graph.emit(
    "Gather",
    [embedding, ids],
    { shape: ["batch", "sequence", hiddenSize] },
    { axis: 0 },
  );
  const presents: DecodeGraph["presents"] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const past = ["key", "value"].map((kind) =>
      graph.input(`past_${kind}_${layer}`, ["batch", kvHeads, "capacity", headDim]),
    ) as [Tensor, Tensor];
    const block = decoderBlock(graph, config, constant, layer, hidden, past, shared);
    hidden = block.hidden;
    presents.push(block.present);
  }
  const flat = graph.emit("Reshape", [hidden, graph.int64List([-1, hiddenSize])], {
    shape: ["tokens", hiddenSize],
  });
  const chosen = graph.emit("Gather", [flat, logitIndex], { shape: ["positions", hiddenSize] }, { axis: 0 });
  const normed = rmsNorm(graph, config, chosen, constant("model.norm.weight"));
  const head = config.tieWordEmbeddings ? embedding : constant("lm_head.weight");
  return { graph, logits: linear(graph, normed, head, config.vocabSize), presents };
}

type AttentionInputs = { lastIndex: Tensor; totalLength: Tensor; cos: Tensor; sin: Tensor };
type Constants = (name: string) => Tensor;

/** Weights become constants of the graph: ONNX Runtime packs them once for its matrix kernels. */
function constants(graph: Graph, weights: Weights): Constants {
  return (name) => {
    const weight = weights.get(name);
    if (!weight) throw new Error(`the weights lack ${name}`);
    return graph.constant(weight.data, weight.shape, name);
  };
}

function decoderBlock(
  graph: Graph,
  config: LlamaConfig,
  constant: Constants,
  layer: number,
  hidden: Tensor,
  past: readonly [Tensor, Tensor],
  shared: AttentionInputs,
): { hidden: Tensor; present: { key: Tensor; value: Tensor } } {
  const { hiddenSize, intermediateSize } = config;
  const prefix = `model.layers.${layer}`;
  const normed = rmsNorm(graph, config, hidden, constant(`${prefix}.input_layernorm.weight`));
  const { attended, present } = attention(
    graph,
    config,
    constant,
    `${prefix}.self_attn`,
    normed,
    past,
    shared,
  );
  const middle = graph.emit("Add", [hidden, attended], { shape: hidden.shape });
  const inner = rmsNorm(graph, config, middle, constant(`${prefix}.post_attention_layernorm.weight`));
  const gate = linear(graph, inner, constant(`${prefix}.mlp.gate_proj.weight`), intermediateSize);
  const up = linear(graph, inner, constant(`${prefix}.mlp.up_proj.weight`), intermediateSize);
  // x · sigmoid(1 · x) is SiLU.
  const silu = graph.emit("QuickGelu", [gate], { shape: gate.shape }, { alpha: { float: 1 } }, MICROSOFT);
  const product = graph.emit("Mul", [silu, up], { shape: up.shape });
  const down = linear(graph, product, constant(`${prefix}.mlp.down_proj.weight`), hiddenSize);
  return { hidden: graph.emit("Add", [middle, down], { shape: hidden.shape }), present };
}

function attention(
  graph: Graph,
  config: LlamaConfig,
  constant: Constants,
  prefix: string,
  normed: Tensor,
  past: readonly [Tensor, Tensor],
  shared: AttentionInputs,
): { attended: Tensor; present: { key: Tensor; value: Tensor } } {
  const { heads, kvHeads, headDim, hiddenSize } = config;
  const project = (name: string, size: number, bias: boolean): Tensor => {
    const product = linear(graph, normed, constant(`${prefix}.${name}.weight`), size);
    if (!bias) return product;
    return graph.emit("Add", [product, constant(`${prefix}.${name}.bias`)], { shape: product.shape });
  };
  let query = project("q_proj", heads * headDim, config.qkvBias);
  let key = project("k_proj", kvHeads * headDim, config.qkvBias);
  const value = project("v_proj", kvHeads * headDim, config.qkvBias);
  if (config.qkNorm) {
    query = headNorm(graph, config, query, heads, constant(`${prefix}.q_norm.weight`));
    key = headNorm(graph, config, key, kvHeads, constant(`${prefix}.k_norm.weight`));
  }
  const [attended, presentKey, presentValue] = graph.emitMany(
    "GroupQueryAttention",
    [query, key, value, ...past, shared.lastIndex, shared.totalLength, shared.cos, shared.sin],
    [{ shape: query.shape }, { shape: past[0].shape }, { shape: past[1].shape }],
    {
      num_heads: heads,
      kv_num_heads: kvHeads,
      scale: { float: 1 / Math.sqrt(headDim) },
      do_rotary: 1,
      rotary_interleaved: 0,
    },
    MICROSOFT,
  ) as [Tensor, Tensor, Tensor];
  let output = linear(graph, attended, constant(`${prefix}.o_proj.weight`), hiddenSize);
  if (config.outputBias)
    output = graph.emit("Add", [output, constant(`${prefix}.o_proj.bias`)], { shape: output.shape });
  return { attended: output, present: { key: presentKey, value: presentValue } };
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
