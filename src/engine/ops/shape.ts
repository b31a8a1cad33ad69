import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { staticShape } from "../graph/tensor.js";

/** A tensor's elements in another shape (no copy in ONNX Runtime). */
export function reshape(graph: Graph, x: Tensor, shape: readonly number[]): Tensor {
  const to = (tensor: Tensor, dims: readonly number[]) =>
    graph.emit("Reshape", [tensor, graph.int64List(dims)], { shape: dims, dtype: tensor.dtype });
  return differentiable(to(x, shape), [x], (gradient) => [to(gradient, staticShape(x))]);
}

/** Axes permuted: output axis i is input axis `perm[i]`. */
export function transpose(graph: Graph, x: Tensor, perm: readonly number[]): Tensor {
  const output = graph.emit("Transpose", [x], { shape: perm.map((axis) => x.shape[axis]!) }, { perm });
  const inverse = perm.map((_, axis) => perm.indexOf(axis));
  return differentiable(output, [x], (gradient) => [
    graph.emit("Transpose", [gradient], { shape: x.shape }, { perm: inverse }),
  ]);
}
