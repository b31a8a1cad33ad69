import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

type Gemm = { transA?: boolean; transB?: boolean; alpha?: number; addTo?: Tensor };

/** alpha op(A) op(B) + addTo for matrices, as one Gemm node: no transposed copies, no separate addition. */
export function gemm(
  graph: Graph,
  a: Tensor,
  b: Tensor,
  { transA = false, transB = false, alpha = 1, addTo }: Gemm = {},
): Tensor {
  const [p, q] = [staticShape(a), staticShape(b)];
  const shape = [p[transA ? 1 : 0]!, q[transB ? 0 : 1]!];
  return graph.emit(
    "Gemm",
    addTo ? [a, b, addTo] : [a, b],
    { shape },
    { transA: Number(transA), transB: Number(transB), alpha: { float: alpha } },
  );
}

/** x W^T + addTo: x [n, in], W [out, in] (the layout of checkpoints), addTo [n, out] or a bias [out]. */
export function matmulTransposed(
  graph: Graph,
  x: Tensor,
  weight: Tensor,
  { alpha = 1, addTo }: { alpha?: number; addTo?: Tensor } = {},
): Tensor {
  const output = gemm(graph, x, weight, { transB: true, alpha, addTo });
  return differentiable(output, addTo ? [x, weight, addTo] : [x, weight], (gradient) => [
    gemm(graph, gradient, weight, { alpha }),
    gemm(graph, gradient, x, { transA: true, alpha }),
    addTo &&
      (addTo.shape.length === 1
        ? graph.emit("ReduceSum", [gradient, graph.int64List([0])], { shape: addTo.shape }, { keepdims: 0 })
        : gradient),
  ]);
}

/** alpha A B + addTo: a [n, k], b [k, m], addTo [n, m]. */
export function matmul(
  graph: Graph,
  a: Tensor,
  b: Tensor,
  { alpha = 1, addTo }: { alpha?: number; addTo?: Tensor } = {},
): Tensor {
  const output = gemm(graph, a, b, { alpha, addTo });
  return differentiable(output, addTo ? [a, b, addTo] : [a, b], (gradient) => [
    gemm(graph, gradient, b, { transB: true, alpha }),
    gemm(graph, a, gradient, { transA: true, alpha }),
    addTo && gradient,
  ]);
}
