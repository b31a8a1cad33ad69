import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import type { Tensor } from "../graph/tensor.js";
import { broadcastShape, sumToShape } from "./broadcast.js";

/** a + b with broadcasting. */
export function add(graph: Graph, a: Tensor, b: Tensor): Tensor {
  const output = graph.emit("Add", [a, b], { shape: broadcastShape(a, b) });
  return differentiable(output, [a, b], (gradient) => [
    sumToShape(graph, gradient, a),
    sumToShape(graph, gradient, b),
  ]);
}

/** a - b with broadcasting. */
export function subtract(graph: Graph, a: Tensor, b: Tensor): Tensor {
  const output = graph.emit("Sub", [a, b], { shape: broadcastShape(a, b) });
  return differentiable(output, [a, b], (gradient) => [
    sumToShape(graph, gradient, a),
    sumToShape(graph, graph.emit("Neg", [gradient], { shape: gradient.shape }), b),
  ]);
}

/** - x. */
export function negate(graph: Graph, x: Tensor): Tensor {
  const emit = (input: Tensor) => graph.emit("Neg", [input], { shape: x.shape });
  return differentiable(emit(x), [x], (gradient) => [emit(gradient)]);
}

/** a * b elementwise with broadcasting. */
export function multiply(graph: Graph, a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShape(a, b);
  const output = graph.emit("Mul", [a, b], { shape });
  return differentiable(output, [a, b], (gradient) => [
    sumToShape(graph, graph.emit("Mul", [gradient, b], { shape }), a),
    sumToShape(graph, graph.emit("Mul", [gradient, a], { shape }), b),
  ]);
}

/** The sum of all elements, a scalar. */
export function sum(graph: Graph, x: Tensor): Tensor {
  const output = graph.emit("ReduceSum", [x], { shape: [] }, { keepdims: 0 });
  return differentiable(output, [x], (gradient) => [
    graph.emit("Expand", [gradient, graph.int64List(x.shape as number[])], { shape: x.shape }),
  ]);
}
