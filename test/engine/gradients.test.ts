import { expect, test } from "vitest";
import { gradients } from "../../src/engine/graph/gradient.js";
import { Graph } from "../../src/engine/graph/graph.js";
import { compile } from "../../src/engine/graph/program.js";
import {
  add,
  atLeast,
  atMost,
  causalAttention,
  concat,
  divergence,
  exponential,
  gatherRows,
  logSigmoid,
  matmul,
  matmulTransposed,
  multiply,
  recomputed,
  reshape,
  rmsNormalize,
  rope,
  scaleColumns,
  sigmoid,
  subtract,
  sum,
  swiglu,
  takeDistinctRows,
  tokenLogProbs,
  transpose,
} from "../../src/engine/ops/index.js";
import { stream } from "../../src/random.js";
import { type Case, checkGradient } from "./check-gradient.js";

const int64 = (...values: number[]) => BigInt64Array.from(values, BigInt);

const cases: Record<string, Case> = {
  add: { inputs: { a: [3, 1, 4], b: [2, 1] }, build: (g, { a, b }) => add(g, a!, b!) },
  subtract: { inputs: { a: [4], b: [3, 4] }, build: (g, { a, b }) => subtract(g, a!, b!) },
  multiply: { inputs: { a: [2, 3, 4], b: [3, 1] }, build: (g, { a, b }) => multiply(g, a!, b!) },
  "multiply by itself": { inputs: { a: [5] }, build: (g, { a }) => multiply(g, a!, a!) },
  "divergence from a fixed distribution": {
    inputs: { a: [3, 5] },
    build: (g, { a }) => {
      const reference = Float32Array.from({ length: 15 }, (_, at) => Math.sin(3 * at));
      return divergence(g, a!, g.constant(reference, [3, 5]));
    },
  },
  sum: { inputs: { a: [3, 4] }, build: (g, { a }) => sum(g, a!) },
  reshape: { inputs: { a: [3, 4] }, build: (g, { a }) => reshape(g, a!, [2, 6]) },
  transpose: { inputs: { a: [2, 3, 4] }, build: (g, { a }) => transpose(g, a!, [2, 0, 1]) },
  sigmoid: { inputs: { a: [7] }, build: (g, { a }) => sigmoid(g, a!) },
  exponential: { inputs: { a: [7] }, build: (g, { a }) => exponential(g, a!) },
  "at most": { inputs: { a: [9] }, build: (g, { a }) => atMost(g, a!, 0.1) },
  "at least": { inputs: { a: [9] }, build: (g, { a }) => atLeast(g, a!, 0.1) },
  "log sigmoid": { inputs: { a: [7] }, build: (g, { a }) => logSigmoid(g, a!) },
  "a b": {
    inputs: { a: [5, 3], b: [3, 4] },
    build: (g, { a, b }) => matmul(g, a!, b!, { alpha: 0.5 }),
  },
  "a b + c": {
    inputs: { a: [5, 3], b: [3, 4], c: [5, 4] },
    build: (g, { a, b, c }) => matmul(g, a!, b!, { addTo: c! }),
  },
  "x W^T": {
    inputs: { x: [5, 3], w: [4, 3] },
    build: (g, { x, w }) => matmulTransposed(g, x!, w!, { alpha: 0.5 }),
  },
  "x W^T + residual": {
    inputs: { x: [5, 3], w: [4, 3], r: [5, 4] },
    build: (g, { x, w, r }) => matmulTransposed(g, x!, w!, { addTo: r! }),
  },
  "x W^T + bias": {
    inputs: { x: [5, 3], w: [4, 3], r: [4] },
    build: (g, { x, w, r }) => matmulTransposed(g, x!, w!, { addTo: r! }),
  },
  "scaled columns": {
    inputs: { w: [5, 3], s: [3] },
    build: (g, { w, s }) => scaleColumns(g, w!, s!),
  },
  "rms norm": { inputs: { x: [3, 2, 8] }, build: (g, { x }) => rmsNormalize(g, x!, 1e-5) },
  rope: {
    inputs: { x: [2, 3, 8] },
    build: (g, { x }) => {
      const angles = Float32Array.from({ length: 6 }, (_, i) => i * 0.7);
      return rope(g, x!, {
        cos: g.constant(angles.map(Math.cos), [3, 2]),
        sin: g.constant(angles.map(Math.sin), [3, 2]),
        negativeSin: g.constant(
          angles.map((angle) => -Math.sin(angle)),
          [3, 2],
        ),
      });
    },
  },
  "attention, two queries to a key head": {
    inputs: { q: [2, 2, 2, 5, 4], k: [2, 2, 5, 4], v: [2, 2, 5, 4] },
    build: (g, { q, k, v }) => causalAttention(g, q!, k!, v!),
  },
  "attention over several blocks": {
    inputs: { q: [1, 1, 2, 70, 2], k: [1, 1, 70, 2], v: [1, 1, 70, 2] },
    build: (g, { q, k, v }) => causalAttention(g, q!, k!, v!),
  },
  "attention in which a second text does not see the first, over several blocks": {
    inputs: { q: [2, 1, 2, 70, 2], k: [2, 1, 70, 2], v: [2, 1, 70, 2] },
    build: (g, { q, k, v }) => {
      const from = (starts: number[], ends: number[]) =>
        Float32Array.from({ length: 140 }, (_, at) => {
          const row = Math.floor(at / 70);
          return at % 70 >= starts[row]! && at % 70 < ends[row]! ? 1 : 0;
        });
      const later = g.constant(from([40, 68], [70, 70]), [2, 70]);
      const earlier = g.constant(from([30, 3], [40, 68]), [2, 70]);
      return causalAttention(g, q!, k!, v!, { later, earlier });
    },
  },
  swiglu: { inputs: { gate: [3, 5], up: [3, 5] }, build: (g, { gate, up }) => swiglu(g, gate!, up!) },
  concat: { inputs: { a: [3], b: [2] }, build: (g, { a, b }) => concat(g, [a!, b!]) },
  "a recomputed part": {
    inputs: { x: [3, 4], w: [4, 4], u: [4, 4] },
    build: (g, { x, w, u }) => {
      const first = recomputed(g, x!, [w!], (y) => sigmoid(g, matmulTransposed(g, y, w!, { addTo: y })));
      return recomputed(g, first, [u!], (y) => matmulTransposed(g, multiply(g, y, y), u!));
    },
  },
  "embedding with repeats": {
    inputs: { table: [5, 3] },
    fixed: { ids: { dtype: "int64", shape: [6], data: int64(1, 4, 1, 0, 1, 4) } },
    build: (g, { table, ids }) => gatherRows(g, table!, ids!),
  },
  "distinct rows": {
    inputs: { x: [5, 3] },
    fixed: { ids: { dtype: "int64", shape: [3], data: int64(4, 0, 2) } },
    build: (g, { x, ids }) => takeDistinctRows(g, x!, ids!),
  },
  "token log-probabilities": {
    inputs: { logits: [4, 7] },
    fixed: { targets: { dtype: "int64", shape: [4], data: int64(3, 0, 6, 3) } },
    build: (g, { logits, targets }) => tokenLogProbs(g, logits!, targets!),
  },
};

test.each(Object.entries(cases))("gradient of %s agrees with finite differences", checkGradient);

test("a path that does not lead to the loss is an error", () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", [2]), graph.input("b", [2])];
  expect(() => gradients(graph, sum(graph, a), [b])).toThrow(/does not depend on b/);
});

test("log sigmoid stays finite far from zero", async () => {
  const graph = new Graph();
  const x = graph.input("x", [2]);
  const output = logSigmoid(graph, x);
  const program = await compile(graph, [output]);
  const result = await program.run({ x: Float32Array.of(-200, 200) });
  expect([...(result[output.name]!.data as Float32Array)]).toEqual([-200, -0]);
  await program.release();
});

test("an embedding's gradient does not depend on the number of threads", async () => {
  const [rows, width, n] = [50, 64, 4000];
  const random = stream("embedding-threads");
  const ids = BigInt64Array.from({ length: n }, () => BigInt(Math.floor(random() * rows)));
  const weights = Float32Array.from({ length: n * width }, () => random() - 0.5);
  const table = new Float32Array(rows * width);
  const results: Float32Array[] = [];
  for (const threads of [1, 2, 2, 4]) {
    const graph = new Graph();
    const tableInput = graph.input("table", [rows, width]);
    const idsInput = graph.input("ids", [n], "int64");
    const output = gatherRows(graph, tableInput, idsInput);
    const loss = sum(graph, multiply(graph, output, graph.input("weights", [n, width])));
    const [slope] = gradients(graph, loss, [tableInput]);
    const program = await compile(graph, [slope!], { threads });
    const result = await program.run({ table, ids, weights });
    results.push((result[slope!.name]!.data as Float32Array).slice());
    await program.release();
  }
  for (const result of results) expect(result).toEqual(results[0]);
});
