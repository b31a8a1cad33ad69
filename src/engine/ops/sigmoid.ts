import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/** 1 / (1 + exp(-x)); its derivative is s (1 - s). */
export function sigmoid(graph: Graph, x: Tensor): Tensor {
  const { shape } = x;
  const s = graph.emit("Sigmoid", [x], { shape });
  return differentiable(s, [x], (gradient) => {
    const rest = graph.emit("Sub", [graph.scalar(1), s], { shape });
    const slope = graph.emit("Mul", [s, rest], { shape });
    return [graph.emit("Mul", [gradient, slope], { shape })];
  });
}

/** log(sigmoid(x)) = -softplus(-x), finite for every x; its derivative is sigmoid(-x). */
export function logSigmoid(graph: Graph, x: Tensor): Tensor {
  const { shape } = x;
  const negative = graph.emit("Neg", [x], { shape });
  const output = graph.emit("Neg", [graph.emit("Softplus", [negative], { shape })], { shape });
  return differentiable(output, [x], (gradient) => {
    const slope = graph.emit("Sigmoid", [negative], { shape });
    return [graph.emit("Mul", [gradient, slope], { shape })];
  });
}
