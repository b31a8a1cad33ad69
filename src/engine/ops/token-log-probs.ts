import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

/**
 * log softmax(logits)[target] of each row: logits [n, vocabulary], targets [n] (int64), result [n].
 * d(logits) = g (onehot(target) - softmax), written out so that no one-hot matrix is made.
 */
export function tokenLogProbs(graph: Graph, logits: Tensor, targets: Tensor): Tensor {
  const [n] = staticShape(logits) as [number, number];
  const { shape } = logits;
  const logProbs = graph.emit("LogSoftmax", [logits], { shape }, { axis: -1 });
  const index = graph.emit("Reshape", [targets, graph.int64List([n, 1])], { shape: [n, 1], dtype: "int64" });
  const picked = graph.emit("GatherElements", [logProbs, index], { shape: [n, 1] }, { axis: 1 });
  const output = graph.emit("Reshape", [picked, graph.int64List([n])], { shape: [n] });
  return differentiable(output, [logits], (gradient) => {
    const column = graph.emit("Reshape", [gradient, graph.int64List([n, 1])], { shape: [n, 1] });
    const probs = graph.emit("Exp", [logProbs], { shape });
    const falling = graph.emit("Mul", [probs, graph.emit("Neg", [column], { shape: [n, 1] })], { shape });
    return [
      graph.emit("ScatterElements", [falling, index, column], { shape }, { axis: 1, reduction: "add" }),
    ];
  });
}
