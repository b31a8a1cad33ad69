import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/**
 * y = x / sqrt(mean(x^2) + eps) over the last axis. The learned scale is not part of it: the linear layers that follow
 * take it into their weights, where it costs a product over a weight instead of one over all activations.
 *
 * With r = 1 / sqrt(mean(x^2) + eps): dx = r (dy - y mean(dy y)).
 */
export function rmsNormalize(graph: Graph, x: Tensor, eps: number): Tensor {
  const { shape } = x;
  const width = shape.at(-1) as number;
  const rowShape = [...shape.slice(0, -1), 1];
  const [y, inverse] = graph.emitMany(
    "SimplifiedLayerNormalization",
    [x, graph.ones([width])],
    [{ shape }, { shape: rowShape }],
    { axis: -1, epsilon: { float: eps }, stash_type: 1 },
  ) as [Tensor, Tensor];
  return differentiable(y, [x], (gradient) => {
    const product = graph.emit("Mul", [gradient, y], { shape });
    const mean = graph.emit(
      "ReduceMean",
      [product, graph.int64List([shape.length - 1])],
      { shape: rowShape },
      { keepdims: 1 },
    );
    const along = graph.emit("Mul", [y, mean], { shape });
    const across = graph.emit("Sub", [gradient, along], { shape });
    return [graph.emit("Mul", [across, inverse], { shape })];
  });
}
