import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";
import { add, matmul, matmulTransposed, multiply, rmsNormalize, scaleColumns } from "../ops/index.js";
import type { LowRank, Parameters } from "./parameters.js";

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
  const base = parameters.weight(`${layer}.weight`);
  const lowRank = parameters.lowRank(layer);
  const merged = lowRank && cheaperMerged(base, lowRank);
  const weight = merged ? matmul(graph, lowRank.b, lowRank.a, { alpha: lowRank.scale, addTo: base }) : base;
  let y = matmulTransposed(graph, x, scaled(weight), { addTo: addTo ?? biasTensor });
  if (addTo && biasTensor) y = add(graph, y, biasTensor);
  if (!lowRank || merged) return y;
  const inner = matmulTransposed(graph, x, scaled(lowRank.a));
  return matmulTransposed(graph, inner, lowRank.b, { alpha: lowRank.scale, addTo: y });
}

/**
 * Whether W + scale B A, made once a step, is cheaper to train through than the two thin products beside W. Merged, each token
 * costs one gradient of W's size (2 in out operations); apart, the two products forwards and their four backwards (6 r (in + out)).
 */
function cheaperMerged(weight: Tensor, { a }: LowRank): boolean {
  const [out, input] = staticShape(weight) as [number, number];
  const [rank] = staticShape(a) as [number, number];
  return out * input < 3 * rank * (out + input);
}
