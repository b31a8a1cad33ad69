import type { LlamaConfig } from "../files/config.js";
import { linearName } from "../files/weight-shapes.js";
import { rotaryTables } from "../generate/rope.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { gatherRows, matmulTransposed, type RopeTables, scaleColumns, swiglu } from "../ops/index.js";
import { attentionBlock, type Grid } from "./attention.js";
import { linear, rmsNorm } from "./linear.js";
import type { Parameters } from "./parameters.js";

/**
 * The transformer of a Llama-family model over `ids` [batch * time] (int64, rows of `time` one after another, positions
 * from 0): the residual stream after the last block, [batch * time, hidden], before the final norm.
 */
export function llamaHidden(
  graph: Graph,
  config: LlamaConfig,
  parameters: Parameters,
  ids: Tensor,
  grid: Grid,
): Tensor {
  const tables = ropeTables(graph, config, grid.time);
  let x = gatherRows(graph, parameters.weight("model.embed_tokens.weight"), ids);
  for (let layer = 0; layer < config.layers; layer += 1) {
    const prefix = `model.layers.${layer}`;
    const norm = (name: string, input: Tensor) =>
      rmsNorm(graph, parameters, input, `${prefix}.${name}.weight`, config.rmsNormEps);
    x = attentionBlock(graph, config, parameters, layer, norm("input_layernorm", x), x, tables, grid);
    const normed = norm("post_attention_layernorm", x);
    const gate = linear(graph, parameters, normed, linearName(layer, "gate_proj"));
    const up = linear(graph, parameters, normed, linearName(layer, "up_proj"));
    const inner = { x: swiglu(graph, gate, up) };
    x = linear(graph, parameters, inner, linearName(layer, "down_proj"), { addTo: x });
  }
  return x;
}

/** The final norm and the head: logits [n, vocabulary] of residual rows [n, hidden]. */
export function llamaLogits(graph: Graph, config: LlamaConfig, parameters: Parameters, rows: Tensor): Tensor {
  const { x, scale } = rmsNorm(graph, parameters, rows, "model.norm.weight", config.rmsNormEps);
  const head = parameters.weight(config.tieWordEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight");
  return matmulTransposed(graph, x, scale ? scaleColumns(graph, head, scale) : head);
}

function ropeTables(graph: Graph, config: LlamaConfig, time: number): RopeTables {
  const { cos, sin } = rotaryTables(config, time);
  const shape = [time, config.headDim / 2];
  return {
    cos: graph.constant(cos, shape),
    sin: graph.constant(sin, shape),
    negativeSin: graph.constant(
      sin.map((value) => -value),
      shape,
    ),
  };
}
