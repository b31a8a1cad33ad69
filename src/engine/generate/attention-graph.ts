import type { LlamaConfig } from "../files/config.js";
import type { Graph, Shape, Tensor } from "../graph/graph.js";

const MICROSOFT = "com.microsoft";

/**
 * Least logarithm of a weight beside the largest, which is 1: all such weights of a row together are far below its last bit. exp of
 * much less, as masked scores are, ends below the normal numbers, where a processor takes up to fifteen times as long for it.
 */
const LEAST_LOG_WEIGHT = -60;

/** What every layer's attention reads besides its own keys and values. */
export type AttentionInputs = {
  /** [batch, sequence] positions of the new tokens. */
  positions: Tensor;
  /** Rotary tables [rotary, head size / 2]. */
  cos: Tensor;
  sin: Tensor;
  /** Added to the scores: 0 where there is a past token, very negative beyond a row's past, [batch, 1, 1, past]. */
  pastMask: Tensor;
  /** [past, head size] of ones. */
  pastOnes: Tensor;
  /** What is needed where there may be several new tokens; null where each row has one. */
  several: {
    /** The mask among the new tokens, [1 or batch, 1, groups × sequence, sequence]: none sees one that it does not come after. */
    newMask: Tensor;
    /** [sequence, head size] of ones. */
    newOnes: Tensor;
  } | null;
};

/** A graph's inputs for it; `newMask` is the mask's shape, null where each row has one new token. */
export function attentionInputs(graph: Graph, headDim: number, newMask: Shape | null): AttentionInputs {
  return {
    positions: graph.input("positions", ["batch", "sequence"], "int64"),
    cos: graph.input("cos", ["rotary", headDim / 2]),
    sin: graph.input("sin", ["rotary", headDim / 2]),
    pastMask: graph.input("past_mask", ["batch", 1, 1, "past"]),
    pastOnes: graph.input("past_ones", ["past", headDim]),
    several: newMask && {
      newMask: graph.input("new_mask", newMask),
      newOnes: graph.input("new_ones", ["sequence", headDim]),
    },
  };
}

export type AttentionOutput = {
  /** [batch, sequence, heads × head size]. */
  attended: Tensor;
  /** Keys and values of the new tokens, [batch, kv heads, sequence, head size]. */
  key: Tensor;
  value: Tensor;
};

/**
 * Attention of new tokens over a read-only past and over themselves. `query` [batch, sequence, heads × head size], `key`
 * and `value` [batch, sequence, kv heads × head size] are not yet rotated; `past` are [batch, kv heads, past, head size].
 *
 * Softmax is written out, with its sums taken as matrix products by ones: those add in order of position, so what masked
 * positions behind a row's own add (LEAST_LOG_WEIGHT) changes no bit of it, however far the batch is padded. (ONNX
 * Runtime's fused operators want the whole cache as an output, which its Node binding copies at every step.)
 *
 * One new token needs no mask, sum, product or transposition of its own, and gets the same bits without: a small model's step
 * has so little to compute that every operation left out counts.
 */
export function attention(
  graph: Graph,
  config: LlamaConfig,
  projected: { query: Tensor; key: Tensor; value: Tensor },
  past: { key: Tensor; value: Tensor },
  inputs: AttentionInputs,
): AttentionOutput {
  const { heads, kvHeads, headDim } = config;
  const { several } = inputs;
  const groups = heads / kvHeads;
  const split = several ? headsFirst : oneTokenHeads;
  const query = split(graph, config, rotate(graph, projected.query, inputs), groups);
  const key = split(graph, config, rotate(graph, projected.key, inputs), 1);
  const value = split(graph, config, projected.value, 1);
  const rows = ["batch", kvHeads, "grouped"] as const;
  const scores = (keys: Tensor, length: string): Tensor =>
    graph.emit(
      "FusedMatMul",
      [query, keys],
      { shape: [...rows, length] },
      { transA: 0, transB: 1, alpha: { float: 1 / Math.sqrt(headDim) } },
      MICROSOFT,
    );
  const add = (a: Tensor, b: Tensor): Tensor => graph.emit("Add", [a, b], { shape: a.shape });
  const pastScores = add(scores(past.key, "past"), inputs.pastMask);
  const newProducts = scores(key, "sequence");
  const newScores = several ? add(newProducts, several.newMask) : newProducts;
  const newLargest = several ? rowMax(graph, newScores) : newScores;
  const largest = graph.emit("Max", [rowMax(graph, pastScores), newLargest], { shape: [...rows, 1] });
  const exponential = (values: Tensor): Tensor => {
    const { shape } = values;
    const below = graph.emit("Sub", [values, largest], { shape });
    return graph.emit("Exp", [graph.emit("Max", [below, graph.scalar(LEAST_LOG_WEIGHT)], { shape })], {
      shape,
    });
  };
  const pastWeights = exponential(pastScores);
  const newWeights = exponential(newScores);
  const times = (operator: "MatMul" | "Mul", weights: Tensor, values: Tensor): Tensor =>
    graph.emit(operator, [weights, values], { shape: [...rows, headDim] });
  const weighted = add(
    times("MatMul", pastWeights, past.value),
    times(several ? "MatMul" : "Mul", newWeights, value),
  );
  const total = add(
    times("MatMul", pastWeights, inputs.pastOnes),
    several ? times("MatMul", newWeights, several.newOnes) : newWeights,
  );
  const mean = graph.emit("Div", [weighted, total], { shape: [...rows, headDim] });
  return { attended: (several ? headsLast : oneTokenLast)(graph, config, mean), key, value };
}

function rotate(graph: Graph, x: Tensor, { positions, cos, sin }: AttentionInputs): Tensor {
  return graph.emit(
    "RotaryEmbedding",
    [x, positions, cos, sin],
    { shape: x.shape },
    { interleaved: 0 },
    MICROSOFT,
  );
}

function rowMax(graph: Graph, x: Tensor): Tensor {
  return graph.emit(
    "ReduceMax",
    [x, graph.int64List([-1])],
    { shape: [...x.shape.slice(0, -1), 1] },
    { keepdims: 1 },
  );
}

/** [batch, sequence, kv heads × groups × head size] to [batch, kv heads, groups × sequence, head size]. */
function headsFirst(graph: Graph, { kvHeads, headDim }: LlamaConfig, x: Tensor, groups: number): Tensor {
  const split = graph.emit("Reshape", [x, graph.int64List([0, 0, kvHeads, groups, headDim])], {
    shape: ["batch", "sequence", kvHeads, groups, headDim],
  });
  const turned = graph.emit(
    "Transpose",
    [split],
    { shape: ["batch", kvHeads, groups, "sequence", headDim] },
    { perm: [0, 2, 3, 1, 4] },
  );
  return graph.emit("Reshape", [turned, graph.int64List([0, kvHeads, -1, headDim])], {
    shape: ["batch", kvHeads, groups === 1 ? "sequence" : "grouped", headDim],
  });
}

/** Heads back in a row: [batch, kv heads, groups × sequence, head size] to [batch, sequence, heads × head size]. */
function headsLast(graph: Graph, { heads, kvHeads, headDim }: LlamaConfig, x: Tensor): Tensor {
  const groups = heads / kvHeads;
  const split = graph.emit("Reshape", [x, graph.int64List([0, kvHeads, groups, -1, headDim])], {
    shape: ["batch", kvHeads, groups, "sequence", headDim],
  });
  const turned = graph.emit(
    "Transpose",
    [split],
    { shape: ["batch", "sequence", kvHeads, groups, headDim] },
    { perm: [0, 3, 1, 2, 4] },
  );
  return graph.emit("Reshape", [turned, graph.int64List([0, 0, heads * headDim])], {
    shape: ["batch", "sequence", heads * headDim],
  });
}

/** Heads of one new token: [batch, 1, kv heads × groups × head size] to [batch, kv heads, groups, head size]. */
function oneTokenHeads(graph: Graph, { kvHeads, headDim }: LlamaConfig, x: Tensor, groups: number): Tensor {
  return graph.emit("Reshape", [x, graph.int64List([0, kvHeads, groups, headDim])], {
    shape: ["batch", kvHeads, groups, headDim],
  });
}

/** One new token's heads back in a row: [batch, kv heads, groups, head size] to [batch, 1, heads × head size]. */
function oneTokenLast(graph: Graph, { heads, headDim }: LlamaConfig, x: Tensor): Tensor {
  return graph.emit("Reshape", [x, graph.int64List([0, 1, heads * headDim])], {
    shape: ["batch", 1, heads * headDim],
  });
}
