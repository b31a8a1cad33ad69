import type { LlamaConfig } from "../files/config.js";
import { LINEAR_MODULES, type LinearModule, linearName } from "../files/weight-shapes.js";
import { rotaryTables } from "../generate/rope.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import {
  add,
  gatherRows,
  matmulTransposed,
  type RopeTables,
  recomputed,
  scaleColumns,
  swiglu,
} from "../ops/index.js";
import { attentionBlock, type Grid, type Layout } from "./attention.js";
import { linear, rmsNorm } from "./linear.js";
import type { Parameters } from "./parameters.js";

/**
 * The transformer of a Llama-family model over `ids` [batch * time] (int64, rows of `time` one after another, positions
 * from 0): the residual stream after the last block, [batch * time, hidden], before the final norm. With `places` (int64 [n],
 * all different), only of those places, [n, hidden]: nothing after the last attention looks at the others. With `steer` every later
 * block sees the stream moved.
 */
export function llamaHidden(
  graph: Graph,
  config: LlamaConfig,
  parameters: Parameters,
  ids: Tensor,
  grid: Grid,
  places?: Tensor,
  steer?: Steer,
): Tensor {
  const tables = ropeTables(graph, config, grid.time);
  let x = gatherRows(graph, parameters.weight("model.embed_tokens.weight"), ids);
  for (let layer = 0; layer < config.layers; layer += 1) {
    const kept = layer === config.layers - 1 ? places : undefined;
    const block = (input: Tensor) =>
      decoderBlock(graph, config, parameters, layer, input, { tables, grid, places: kept });
    x = parameters.large ? recomputed(graph, x, adapterTensors(parameters, layer), block) : block(x);
    if (steer?.layer === layer + 1) x = add(graph, x, steer.vector);
  }
  return x;
}

/** A vector [hidden] that is added to the residual stream behind a block, from 1, at every place. */
export type Steer = { layer: number; vector: Tensor };

function decoderBlock(
  graph: Graph,
  config: LlamaConfig,
  parameters: Parameters,
  layer: number,
  x: Tensor,
  layout: Layout,
): Tensor {
  const norm = (name: string, input: Tensor) =>
    rmsNorm(graph, parameters, input, `model.layers.${layer}.${name}.weight`, config.rmsNormEps);
  const normed = norm("input_layernorm", x);
  const attended = attentionBlock(graph, config, parameters, layer, normed, x, layout);
  const normedAgain = norm("post_attention_layernorm", attended);
  const gate = linear(graph, parameters, normedAgain, linearName(layer, "gate_proj"));
  const up = linear(graph, parameters, normedAgain, linearName(layer, "up_proj"));
  const inner = { x: swiglu(graph, gate, up) };
  return linear(graph, parameters, inner, linearName(layer, "down_proj"), { addTo: attended });
}

/** What trains in a layer of a frozen model. */
function adapterTensors(parameters: Parameters, layer: number): Tensor[] {
  return (Object.keys(LINEAR_MODULES) as LinearModule[]).flatMap((module) => {
    const lowRank = parameters.lowRank(linearName(layer, module));
    return lowRank ? [lowRank.a, lowRank.b] : [];
  });
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
