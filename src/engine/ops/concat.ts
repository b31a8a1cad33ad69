import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/** Vectors one after another. */
export function concat(graph: Graph, parts: readonly Tensor[]): Tensor {
  const sizes = parts.map((part) => part.shape[0] as number);
  const shape = [sizes.reduce((a, b) => a + b, 0)];
  const output = graph.emit("Concat", parts, { shape }, { axis: 0 });
  return differentiable(output, parts, (gradient) =>
    graph.emitMany(
      "Split",
      [gradient, graph.int64List(sizes)],
      sizes.map((size) => ({ shape: [size] })),
      { axis: 0 },
    ),
  );
}
