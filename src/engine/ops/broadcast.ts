import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

/** The shape of an elementwise result under NumPy's broadcasting rules. */
export function broadcastShape(a: Tensor, b: Tensor): number[] {
  const [left, right] = [staticShape(a), staticShape(b)];
  const rank = Math.max(left.length, right.length);
  const pad = (shape: number[]) => [...Array<number>(rank - shape.length).fill(1), ...shape];
  const [p, q] = [pad(left), pad(right)];
  return p.map((dim, axis) => {
    const other = q[axis]!;
    if (dim !== other && dim !== 1 && other !== 1)
      throw new Error(`shapes [${left}] and [${right}] do not broadcast`);
    return dim === 1 ? other : dim;
  });
}

/** Sums a gradient over the axes along which `target` was broadcast. */
export function sumToShape(graph: Graph, gradient: Tensor, target: Tensor): Tensor {
  const from = staticShape(gradient);
  const to = staticShape(target);
  const padded = [...Array<number>(from.length - to.length).fill(1), ...to];
  const axes = from.flatMap((dim, axis) => (padded[axis] === 1 && dim !== 1 ? [axis] : []));
  const sum =
    axes.length === 0
      ? gradient
      : graph.emit("ReduceSum", [gradient, graph.int64List(axes)], { shape: padded }, { keepdims: 1 });
  if (from.length === to.length) return sum;
  return graph.emit("Reshape", [sum, graph.int64List(to)], { shape: to });
}
