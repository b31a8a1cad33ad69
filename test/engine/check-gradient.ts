import { expect } from "vitest";
import { gradients } from "../../src/engine/graph/gradient.js";
import { Graph } from "../../src/engine/graph/graph.js";
import { compile, type FeedData } from "../../src/engine/graph/program.js";
import type { Tensor } from "../../src/engine/graph/tensor.js";
import { multiply, sum } from "../../src/engine/ops/index.js";
import { stream } from "../../src/random.js";

export type Case = {
  /** Shapes of the inputs that are differentiated. */
  inputs: Record<string, number[]>;
  /** Further feeds, e.g. indices. */
  fixed?: Record<string, { dtype: "int64"; shape: number[]; data: BigInt64Array }>;
  build: (graph: Graph, inputs: Record<string, Tensor>) => Tensor;
  /** Largest error allowed, relative to the largest gradient. float32 differences are good to about 1e-3. */
  tolerance?: number;
};

/** Checks an operation's gradients against central finite differences along random directions and single coordinates. */
export async function checkGradient(name: string, { inputs, fixed = {}, build, tolerance = 3e-3 }: Case) {
  const random = stream(`gradient/${name}`);
  const normal = (n: number) =>
    Float32Array.from({ length: n }, () => random() + random() + random() + random() - 2);
  const size = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

  const graph = new Graph();
  const tensors: Record<string, Tensor> = {};
  for (const [key, shape] of Object.entries(inputs)) tensors[key] = graph.input(key, shape);
  for (const [key, { dtype, shape }] of Object.entries(fixed)) tensors[key] = graph.input(key, shape, dtype);
  const output = build(graph, tensors);
  const outputShape = output.shape as number[];
  // A random projection of the output, so that every output element matters differently.
  const projection = graph.constant(normal(size(outputShape)), outputShape);
  const loss = sum(graph, multiply(graph, output, projection));
  const names = Object.keys(inputs);
  const slopes = gradients(
    graph,
    loss,
    names.map((key) => tensors[key]!),
  );
  // The projected output is summed here in float64: a float32 sum would drown the differences.
  const program = await compile(graph, [output, ...slopes]);
  const weights = graph.initializers.find((each) => each.name === projection.name)!.data as Float32Array;

  const values: Record<string, Float32Array> = {};
  for (const [key, shape] of Object.entries(inputs)) values[key] = normal(size(shape));
  const feeds: Record<string, FeedData> = {};
  for (const [key, { data }] of Object.entries(fixed)) feeds[key] = data;
  const run = () => program.run({ ...feeds, ...values });
  const lossNow = async () => {
    const data = (await run())[output.name]!.data as Float32Array;
    let total = 0;
    for (let i = 0; i < data.length; i += 1) total += data[i]! * weights[i]!;
    return total;
  };

  const first = await run();
  for (const [position, key] of names.entries()) {
    const slope = (first[slopes[position]!.name]!.data as Float32Array).slice();
    const value = values[key]!;
    expect(slope.length, `${name}: gradient of ${key}`).toBe(value.length);
    const original = value.slice();
    const step = 1e-2;
    const largest = slope.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-3);
    const along = async (direction: Float32Array) => {
      for (let i = 0; i < value.length; i += 1) value[i] = original[i]! + step * direction[i]!;
      const up = await lossNow();
      for (let i = 0; i < value.length; i += 1) value[i] = original[i]! - step * direction[i]!;
      const down = await lossNow();
      value.set(original);
      return (up - down) / (2 * step);
    };
    for (let trial = 0; trial < 12; trial += 1) {
      const direction = new Float32Array(value.length);
      if (trial < 4) direction.set(normal(value.length).map((x) => x / Math.sqrt(value.length)));
      else direction[Math.floor(random() * value.length)] = 1;
      const expected = direction.reduce((total, x, i) => total + x * slope[i]!, 0);
      const error = Math.abs((await along(direction)) - expected) / largest;
      expect(error, `${name}: d/d${key}, trial ${trial}, slope ${expected}`).toBeLessThan(tolerance);
    }
  }
  await program.release();
}
