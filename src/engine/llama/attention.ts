import type { LlamaConfig } from "../files/config.js";
import { hasBias, type LinearModule, linearName } from "../files/weight-shapes.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import {
  type Apart,
  causalAttention,
  multiply,
  type RopeTables,
  reshape,
  rmsNormalize,
  rope,
  takeDistinctRows,
  transpose,
} from "../ops/index.js";
import { linear, type Normed } from "./linear.js";
import type { Parameters } from "./parameters.js";

export type Grid = {
  batch: number;
  time: number;
  /** Rows that hold two texts of one beginning: where each token stands in its text (int64 [batch, time]), and who does not see whom. */
  fork?: { depths: Tensor; apart: Apart };
};

/** How a layer's rows stand in its batch, and which places of it are asked for: all, or `places` (int64 [n], all different). */
export type Layout = { tables: RopeTables; grid: Grid; places?: Tensor };

/** Causal self-attention of one layer over [batch * time, hidden], added to `residual`; of `places` alone if there are any. */
export function attentionBlock(
  graph: Graph,
  config: LlamaConfig,
  parameters: Parameters,
  layer: number,
  normed: Normed,
  residual: Tensor,
  { tables, grid: { batch, time, fork }, places }: Layout,
): Tensor {
  const { heads, kvHeads, headDim, rmsNormEps } = config;
  const project = (module: LinearModule) =>
    linear(graph, parameters, normed, linearName(layer, module), { bias: hasBias(config, module) });
  // [batch * time, count * headDim] to [batch, count, time, headDim].
  const toHeads = (x: Tensor, count: number) =>
    transpose(graph, reshape(graph, x, [batch, time, count, headDim]), [0, 2, 1, 3]);
  const rotated = (x: Tensor, count: number, norm: "q_norm" | "k_norm") => {
    const scaled = config.qkNorm ? headNorm(x, count, norm) : x;
    const turned = rope(graph, reshape(graph, scaled, [batch, time, count * headDim]), tables, fork?.depths);
    return toHeads(turned, count);
  };
  const headNorm = (x: Tensor, count: number, norm: string) => {
    const perHead = rmsNormalize(graph, reshape(graph, x, [batch * time * count, headDim]), rmsNormEps);
    return multiply(graph, perHead, parameters.weight(`model.layers.${layer}.self_attn.${norm}.weight`));
  };

  const q = rotated(project("q_proj"), heads, "q_norm");
  const k = rotated(project("k_proj"), kvHeads, "k_norm");
  const v = toHeads(project("v_proj"), kvHeads);
  const grouped = reshape(graph, q, [batch, kvHeads, heads / kvHeads, time, headDim]);
  const attended = reshape(graph, causalAttention(graph, grouped, k, v, fork?.apart), [
    batch,
    heads,
    time,
    headDim,
  ]);
  const flat = reshape(graph, transpose(graph, attended, [0, 2, 1, 3]), [batch * time, heads * headDim]);
  const asked = (x: Tensor) => (places ? takeDistinctRows(graph, x, places) : x);
  return linear(graph, parameters, { x: asked(flat) }, linearName(layer, "o_proj"), {
    bias: hasBias(config, "o_proj"),
    addTo: asked(residual),
  });
}
