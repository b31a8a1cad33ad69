import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";

/** e^x, which is its own derivative. */
export function exponential(graph: Graph, x: Tensor): Tensor {
  const { shape } = x;
  const output = graph.emit("Exp", [x], { shape });
  return differentiable(output, [x], (gradient) => [graph.emit("Mul", [gradient, output], { shape })]);
}

/** The smaller of x and a number; no gradient flows where x is above it. */
export function atMost(graph: Graph, x: Tensor, most: number): Tensor {
  return bounded(graph, x, most, { pick: "Min", within: "LessOrEqual" });
}

/** The larger of x and a number; no gradient flows where x is below it. */
export function atLeast(graph: Graph, x: Tensor, least: number): Tensor {
  return bounded(graph, x, least, { pick: "Max", within: "GreaterOrEqual" });
}

const FLOAT = 1;

function bounded(
  graph: Graph,
  x: Tensor,
  bound: number,
  { pick, within }: { pick: "Min" | "Max"; within: "LessOrEqual" | "GreaterOrEqual" },
): Tensor {
  const { shape } = x;
  const limit = graph.scalar(bound);
  return differentiable(graph.emit(pick, [x, limit], { shape }), [x], (gradient) => {
    const free = graph.emit(within, [x, limit], { shape, dtype: "bool" });
    const mask = graph.emit("Cast", [free], { shape }, { to: FLOAT });
    return [graph.emit("Mul", [gradient, mask], { shape })];
  });
}
