import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/** Cosines and sines by position, [positions, headDim / 2] each. */
export type RopeTables = { cos: Tensor; sin: Tensor; negativeSin: Tensor };

/**
 * Rotary position embedding of x [batch, time, heads * headDim] in Hugging Face's half-split layout: dimension i of a
 * head turns with dimension i + headDim / 2. Positions count from 0, or are those of `places` (int64 [batch, time]). A rotation's
 * gradient is the opposite rotation.
 */
export function rope(
  graph: Graph,
  x: Tensor,
  { cos, sin, negativeSin }: RopeTables,
  places: Tensor = graph.int64List([0]),
): Tensor {
  const rotate = (tensor: Tensor, sine: Tensor) =>
    graph.emit("RotaryEmbedding", [tensor, places, cos, sine], { shape: x.shape }, {}, "com.microsoft");
  return differentiable(rotate(x, sin), [x], (gradient) => [rotate(gradient, negativeSin)]);
}
