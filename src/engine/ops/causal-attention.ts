import { differentiable } from "../graph/gradient.js";
import type { Graph } from "../graph/graph.js";
import { staticShape, type Tensor } from "../graph/tensor.js";

// Finite, so that a masked score minus the row's maximum stays a number; exp of it is exactly 0.
const MASKED = -1e30;
// Short enough to save most products with masked keys, long enough for efficient ones.
const BLOCK = 64;

type Sizes = { batch: number; kvHeads: number; group: number; time: number; headDim: number };

/**
 * Who does not see whom of what came before: a position of `later` none of `earlier`. Both [batch, time], 1 where a position is one of
 * them, else 0.
 */
export type Apart = { later: Tensor; earlier: Tensor };

/** A run of query positions [start, end); it sees the keys [0, end). */
type Block = { start: number; end: number };

/**
 * Softmax attention in which each position sees itself and what came before. q [batch, kvHeads, group, time, headDim] holds
 * the query heads that share a key head side by side, so that grouped-query attention is a plain batched product with
 * k and v [batch, kvHeads, time, headDim], which are not repeated. The result has q's shape.
 *
 * With `apart` two texts of one beginning stand in a row one behind the other, and the second sees nothing of the first but that.
 *
 * Queries go in blocks, each against the keys up to its end: about half of the products are with masked keys otherwise.
 */
export function causalAttention(graph: Graph, q: Tensor, k: Tensor, v: Tensor, apart?: Apart): Tensor {
  const [batch, kvHeads, group, time, headDim] = staticShape(q) as [number, number, number, number, number];
  const sizes: Sizes = { batch, kvHeads, group, time, headDim };
  const count = Math.ceil(time / BLOCK);
  const edges = Array.from({ length: count + 1 }, (_, i) => Math.round((i * time) / count));
  const attended = edges.slice(1).map((end, i) => {
    const block = { start: edges[i]!, end };
    return attendBlock(graph, q, k, v, block, sizes, maskOf(graph, block, sizes, apart));
  });

  const output = join(
    graph,
    attended.map((block) => block.output),
    sizes,
  );
  return differentiable(output, [q, k, v], (gradient) => {
    const flows = attended.map((block) => block.backward(gradient));
    return [
      join(
        graph,
        flows.map((flow) => flow.q),
        sizes,
      ),
      sumOverBlocks(
        graph,
        flows.map((flow) => flow.k),
        sizes,
      ),
      sumOverBlocks(
        graph,
        flows.map((flow) => flow.v),
        sizes,
      ),
    ];
  });
}

/**
 * One block, [batch, kvHeads, group * length, headDim], and its gradients; those of k and v come out as
 * [batch, kvHeads, headDim, end]: transposed, because then the small factor of the product is the one to transpose.
 *
 * With P = softmax(S), O = P V, and d = rowsum(dO O) = rowsum(dP P): dS = P (dP - d). The subtraction is part of the
 * product dP - d = [dO, -d] [V, 1]^T, which saves a pass over the scores.
 */
function attendBlock(
  graph: Graph,
  qAll: Tensor,
  kAll: Tensor,
  vAll: Tensor,
  block: Block,
  sizes: Sizes,
  mask: Tensor,
): { output: Tensor; backward: (gradient: Tensor) => { q: Tensor; k: Tensor; v: Tensor } } {
  const { batch, kvHeads, group, headDim } = sizes;
  const { start, end } = block;
  const rows = group * (end - start);
  const alpha = 1 / Math.sqrt(headDim);
  const scoreShape = [batch, kvHeads, rows, end];
  const rowShape = [batch, kvHeads, rows, 1];
  const fold = (x: Tensor) => {
    const part = slice(graph, x, 3, start, end);
    const shape = [batch, kvHeads, rows, headDim];
    return graph.emit("Reshape", [part, graph.int64List(shape)], { shape });
  };
  const q = fold(qAll);
  const k = slice(graph, kAll, 2, 0, end);
  const v = slice(graph, vAll, 2, 0, end);

  const scores = product(graph, q, k, scoreShape, { transB: true, alpha });
  const masked = graph.emit("Add", [scores, mask], { shape: scoreShape });
  const weights = graph.emit("Softmax", [masked], { shape: scoreShape }, { axis: -1 });
  const output = product(graph, weights, v, [batch, kvHeads, rows, headDim]);

  const backward = (gradientAll: Tensor) => {
    const gradient = fold(gradientAll);
    const overlap = graph.emit("Mul", [gradient, output], { shape: output.shape });
    const d = graph.emit("ReduceSum", [overlap, graph.int64List([3])], { shape: rowShape });
    const minusD = graph.emit("Neg", [d], { shape: rowShape });
    const gradientAndD = appendColumn(graph, gradient, minusD);
    const ones = graph.ones([batch, kvHeads, end, 1]);
    const vAndOnes = appendColumn(graph, v, ones);
    const weightGradient = product(graph, gradientAndD, vAndOnes, scoreShape, { transB: true });
    const scoreGradient = graph.emit("Mul", [weights, weightGradient], { shape: scoreShape });
    const turned = [batch, kvHeads, headDim, end];
    return {
      q: product(graph, scoreGradient, k, [batch, kvHeads, rows, headDim], { alpha }),
      k: product(graph, q, scoreGradient, turned, { transA: true, alpha }),
      v: product(graph, gradient, weights, turned, { transA: true }),
    };
  };
  return { output, backward };
}

/** Blocks of queries one after another, as [batch, kvHeads, group, time, headDim]. */
function join(graph: Graph, blocks: readonly Tensor[], sizes: Sizes): Tensor {
  const { batch, kvHeads, group, time, headDim } = sizes;
  const unfolded = blocks.map((block) => {
    const length = (block.shape[2] as number) / group;
    const shape = [batch, kvHeads, group, length, headDim];
    return graph.emit("Reshape", [block, graph.int64List(shape)], { shape });
  });
  if (unfolded.length === 1) return unfolded[0]!;
  return graph.emit("Concat", unfolded, { shape: [batch, kvHeads, group, time, headDim] }, { axis: 3 });
}

/** The sum of gradients [batch, kvHeads, headDim, end] whose last one covers all keys, as [..., time, headDim]. */
function sumOverBlocks(graph: Graph, blocks: readonly Tensor[], sizes: Sizes): Tensor {
  const { batch, kvHeads, time, headDim } = sizes;
  const shape = [batch, kvHeads, headDim, time];
  const sum = blocks.reduce((shorter, longer) => {
    const missing = (longer.shape[3] as number) - (shorter.shape[3] as number);
    const padded = graph.emit("Pad", [shorter, graph.int64List([0, 0, 0, 0, 0, 0, 0, missing])], longer);
    return graph.emit("Add", [padded, longer], longer);
  });
  return graph.emit(
    "Transpose",
    [sum],
    { shape: [...shape.slice(0, 2), time, headDim] },
    { perm: [0, 1, 3, 2] },
  );
}

/** [group * length, end]: 0 where the key's position is at most the query's, hugely negative elsewhere. */
function causalMask(graph: Graph, group: number, { start, end }: Block): Tensor {
  const rows = group * (end - start);
  return graph.shared(`causal mask ${group} ${start} ${end}`, () => {
    const mask = new Float32Array(rows * end);
    for (let row = 0; row < rows; row += 1)
      for (let key = start + (row % (end - start)) + 1; key < end; key += 1) mask[row * end + key] = MASKED;
    return graph.constant(mask, [rows, end]);
  });
}

/** What is added to a block's scores: [group * length, end] where all rows are alike, else [batch, 1, group * length, end]. */
function maskOf(graph: Graph, block: Block, { batch, group }: Sizes, apart?: Apart): Tensor {
  const causal = causalMask(graph, group, block);
  if (!apart) return causal;
  const { start, end } = block;
  const { later, earlier } = apart;
  return graph.shared(`apart ${later.name} ${earlier.name} ${group} ${start} ${end}`, () => {
    const length = end - start;
    const queries = slice(graph, later, 1, start, end);
    const each = Array.from({ length: group }, () => queries);
    const rows = graph.emit("Concat", each, { shape: [batch, group * length] }, { axis: 1 });
    const column = shaped(graph, rows, [batch, 1, group * length, 1]);
    const row = shaped(graph, slice(graph, earlier, 1, 0, end), [batch, 1, 1, end]);
    const shape = [batch, 1, group * length, end];
    const unseen = product(graph, column, row, shape, { alpha: MASKED });
    return graph.emit("Add", [unseen, causal], { shape });
  });
}

const shaped = (graph: Graph, x: Tensor, shape: number[]): Tensor =>
  graph.emit("Reshape", [x, graph.int64List(shape)], { shape });

function slice(graph: Graph, x: Tensor, axis: number, start: number, end: number): Tensor {
  if (start === 0 && end === x.shape[axis]) return x;
  const shape = x.shape.with(axis, end - start);
  const list = (value: number) => graph.int64List([value]);
  return graph.emit("Slice", [x, list(start), list(end), list(axis)], { shape });
}

/** One more entry in the last dimension. */
function appendColumn(graph: Graph, x: Tensor, column: Tensor): Tensor {
  const shape = [...x.shape.slice(0, -1), (x.shape.at(-1) as number) + 1];
  return graph.emit("Concat", [x, column], { shape }, { axis: -1 });
}

type Fused = { transA?: boolean; transB?: boolean; alpha?: number };

function product(graph: Graph, a: Tensor, b: Tensor, shape: number[], options: Fused = {}): Tensor {
  const { transA = false, transB = false, alpha = 1 } = options;
  return graph.emit(
    "FusedMatMul",
    [a, b],
    { shape },
    { transA: Number(transA), transB: Number(transB), alpha: { float: alpha } },
    "com.microsoft",
  );
}
