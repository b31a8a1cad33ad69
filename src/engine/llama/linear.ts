import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { add, matmulTransposed, multiply, rmsNormalize, scaleColumns } from "../ops/index.js";
import type { Parameters } from "./parameters.js";

/** Normalised activations, and the norm's learned scale where the next linear layer has still to apply it. */
export type Normed = { x: Tensor; scale?: Tensor };

/** RMSNorm with a learned scale named `name`, which goes into the following weights or is applied here. */
export function rmsNorm(graph: Graph, parameters: Parameters, x: Tensor, name: string, eps: number): Normed {
  const normalized = rmsNormalize(graph, x, eps);
  const scale = parameters.weight(name);
  return parameters.large ? { x: multiply(graph, normalized, scale) } : { x: normalized, scale };
}

/** A linear layer by name, with its bias and low-rank addition if it has them; `addTo` [n, out] is added for free. */
export function linear(
  graph: Graph,
  parameters: Parameters,
  { x, scale }: Normed,
  layer: string,
  { bias = false, addTo }: { bias?: boolean; addTo?: Tensor } = {},
): Tensor {
  const scaled = (weight: Tensor) => (scale ? scaleColumns(graph, weight, scale) : weight);
  const biasTensor = bias ? parameters.weight(`${layer}.bias`) : undefined;
  let y = matmulTransposed(graph, x, scaled(parameters.weight(`${layer}.weight`)), {
    addTo: addTo ?? biasTensor,
  });
  if (addTo && biasTensor) y = add(graph, y, biasTensor);
  const lowRank = parameters.lowRank(layer);
  if (!lowRank) return y;
  const inner = matmulTransposed(graph, x, scaled(lowRank.a));
  return matmulTransposed(graph, inner, lowRank.b, { alpha: lowRank.scale, addTo: y });
}
