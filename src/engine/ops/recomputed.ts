import { differentiable, pullBack } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { elementCount, staticShape, type Tensor } from "../graph/tensor.js";

/**
 * build(x), of which nothing but x is kept for the backward pass: the gradient builds it a second time. `trained` are
 * the other tensors inside to which gradients flow.
 */
export function recomputed(
  graph: Graph,
  x: Tensor,
  trained: readonly Tensor[],
  build: (x: Tensor) => Tensor,
): Tensor {
  const { name, dtype, shape } = build(x);
  return differentiable({ name, dtype, shape }, [x, ...trained], (gradient) => {
    // Not before its gradient is there; and what comes before it not until its own gradients are done.
    const again = after(graph, x, [gradient]);
    const [flow, ...slopes] = pullBack(graph, build(again), gradient, [again, ...trained]);
    return [after(graph, flow!, slopes), ...slopes];
  });
}

/**
 * x, computed not before `others`: it gains 0 times an element of each. ONNX Runtime would otherwise merge a second
 * computation with the first, or put off parameter gradients to the end of the program, holding on to what they need.
 */
function after(graph: Graph, x: Tensor, others: readonly Tensor[]): Tensor {
  const zeros = others.map((other) => {
    const count = elementCount(staticShape(other));
    const flat = graph.emit("Reshape", [other, graph.int64List([count])], { shape: [count] });
    const first = graph.emit("Gather", [flat, graph.int64List([0])], { shape: [1] }, { axis: 0 });
    return graph.emit("Mul", [first, graph.scalar(0)], { shape: [1] });
  });
  const add = (a: Tensor, b: Tensor) => graph.emit("Add", [a, b], { shape: a.shape });
  return zeros.length === 0 ? x : add(x, zeros.reduce(add));
}
