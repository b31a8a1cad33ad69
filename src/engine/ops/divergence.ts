import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

/**
 * KL(p || q) of each row, p and q the softmax of `reference` and of `logits`, both [n, vocabulary]; result [n]. No gradient goes
 * to the reference. d(logits) = g (q - p).
 */
export function divergence(graph: Graph, logits: Tensor, reference: Tensor): Tensor {
  const [n] = staticShape(logits) as [number, number];
  const { shape } = logits;
  const logSoftmax = (x: Tensor) => graph.emit("LogSoftmax", [x], { shape }, { axis: -1 });
  const [logQ, logP] = [logSoftmax(logits), logSoftmax(reference)];
  const p = graph.emit("Exp", [logP], { shape });
  const terms = graph.emit("Mul", [p, graph.emit("Sub", [logP, logQ], { shape })], { shape });
  const output = graph.emit("ReduceSum", [terms, graph.int64List([1])], { shape: [n] }, { keepdims: 0 });
  return differentiable(output, [logits], (gradient) => {
    const column = graph.emit("Reshape", [gradient, graph.int64List([n, 1])], { shape: [n, 1] });
    const apart = graph.emit("Sub", [graph.emit("Exp", [logQ], { shape }), p], { shape });
    return [graph.emit("Mul", [apart, column], { shape })];
  });
}
