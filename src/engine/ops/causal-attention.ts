import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

type Fused = { transA?: boolean; transB?: boolean; alpha?: number };

// Finite, so that a masked score minus the row's maximum stays a number; exp of it is exactly 0.
const MASKED = -1e30;

/**
 * Softmax attention, each position seeing itself and what came before. q [batch, kvHeads, group * time, headDim] holds the
 * query heads that share a key head one after another, so that grouped-query attention is a plain batched product with
 * k and v [batch, kvHeads, time, headDim], without repeating them.
 *
 * Backward with P = softmax(S), O = P V, and d = rowsum(dO O) = rowsum(dP P): dS = P (dP - d). The subtraction is
 * part of the product dP - d = [dO, -d] [V, 1]^T, which saves a pass over the time x time scores.
 */
export function causalAttention(graph: Graph, q: Tensor, k: Tensor, v: Tensor): Tensor {
  const [batch, kvHeads, rows, headDim] = staticShape(q) as [number, number, number, number];
  const time = staticShape(k)[2]!;
  const alpha = 1 / Math.sqrt(headDim);
  const scoreShape = [batch, kvHeads, rows, time];
  const product = (a: Tensor, b: Tensor, shape: number[], options: Fused = {}) =>
    fusedMatmul(graph, a, b, shape, options);

  const scores = product(q, k, scoreShape, { transB: true, alpha });
  const masked = graph.emit("Add", [scores, causalMask(graph, rows, time)], { shape: scoreShape });
  const weights = graph.emit("Softmax", [masked], { shape: scoreShape }, { axis: -1 });
  const output = product(weights, v, [batch, kvHeads, rows, headDim]);

  return differentiable(output, [q, k, v], (gradient) => {
    const overlap = graph.emit("Mul", [gradient, output], { shape: output.shape });
    const minusD = graph.emit(
      "Neg",
      [graph.emit("ReduceSum", [overlap, graph.int64List([3])], { shape: [batch, kvHeads, rows, 1] })],
      { shape: [batch, kvHeads, rows, 1] },
    );
    const ones = graph.constant(new Float32Array(batch * kvHeads * time).fill(1), [batch, kvHeads, time, 1]);
    const widened = [batch, kvHeads, rows, headDim + 1];
    const gradientAndD = graph.emit("Concat", [gradient, minusD], { shape: widened }, { axis: -1 });
    const vAndOnes = graph.emit(
      "Concat",
      [v, ones],
      { shape: [batch, kvHeads, time, headDim + 1] },
      { axis: -1 },
    );
    const weightGradient = product(gradientAndD, vAndOnes, scoreShape, { transB: true });
    const scoreGradient = graph.emit("Mul", [weights, weightGradient], { shape: scoreShape });
    // The sums over queries come out transposed, [headDim, time], so that the small factor is the one to be transposed.
    const overQueries = (small: Tensor, large: Tensor, factor: number) => {
      const shape = [batch, kvHeads, headDim, time];
      const turned = product(small, large, shape, { transA: true, alpha: factor });
      return graph.emit("Transpose", [turned], { shape: v.shape }, { perm: [0, 1, 3, 2] });
    };
    return [
      product(scoreGradient, k, staticShape(q), { alpha }),
      overQueries(q, scoreGradient, alpha),
      overQueries(gradient, weights, 1),
    ];
  });
}

/** [rows, time]: 0 where the key's position is at most the query's, hugely negative elsewhere; rows repeat by head. */
function causalMask(graph: Graph, rows: number, time: number): Tensor {
  const mask = new Float32Array(rows * time);
  for (let row = 0; row < rows; row += 1)
    for (let key = (row % time) + 1; key < time; key += 1) mask[row * time + key] = MASKED;
  return graph.constant(mask, [rows, time]);
}

function fusedMatmul(graph: Graph, a: Tensor, b: Tensor, shape: number[], options: Fused): Tensor {
  const { transA = false, transB = false, alpha = 1 } = options;
  return graph.emit(
    "FusedMatMul",
    [a, b],
    { shape },
    { transA: Number(transA), transB: Number(transB), alpha: { float: alpha } },
    "com.microsoft",
  );
}
