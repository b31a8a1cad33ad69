import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";
import { gemm } from "./matmul.js";

/** weight [out, in] with column j multiplied by scale[j]. The sum over rows in its gradient is a product with ones. */
export function scaleColumns(graph: Graph, weight: Tensor, scale: Tensor): Tensor {
  const [out, input] = staticShape(weight) as [number, number];
  const { shape } = weight;
  const output = graph.emit("Mul", [weight, scale], { shape });
  return differentiable(output, [weight, scale], (gradient) => {
    const ones = graph.ones([1, out]);
    const sum = gemm(graph, ones, graph.emit("Mul", [gradient, weight], { shape }));
    return [
      graph.emit("Mul", [gradient, scale], { shape }),
      graph.emit("Reshape", [sum, graph.int64List([input])], { shape: scale.shape }),
    ];
  });
}
