import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import {
  type Adapter,
  type Checkpoint,
  createLoraTrainer,
  type LabelledRow,
  type LossSettings,
  learningRateAt,
  loadAdapter,
  type PairRow,
  readSafetensors,
  type Schedule,
  type Sequence,
  type Weights,
} from "../../src/engine/index.js";
import { Scorer } from "../../src/engine/train/log-probs.js";
import { ktoReferencePoint, ReferencePolicy } from "../../src/engine/train/reference.js";

// Values from transformers, PEFT and TRL, made by the scripts in test/reference.
export const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
export const json = <T>(name: string) => JSON.parse(readFileSync(fixture(`${name}.json`), "utf8")) as T;
export const tensors = async (name: string) =>
  (await readSafetensors(fixture(`${name}.safetensors`))).weights;

export type Training = {
  beta: number;
  undesirable_weight: number;
  batch_size: number;
  steps: number;
  learning_rate: number;
  warmup_steps: number;
  weight_decay: number;
  max_grad_norm: number;
};
type Reference = {
  loss: number;
  losses: number[];
  grad_norms: number[];
  reference_points?: number[];
};
export type Method = "sft" | "kto" | "dpo";
export type AnyRow = Sequence & LabelledRow & PairRow;

function lossOf(method: Method, { beta, undesirable_weight }: Training): LossSettings {
  if (method === "sft") return { method };
  return method === "kto" ? { method, beta, undesirable_weight } : { method, beta };
}

export function rateOf(training: Training, step: number, schedule: Schedule): number {
  return learningRateAt(step, {
    peak: training.learning_rate,
    schedule,
    steps: training.steps,
    warmupSteps: training.warmup_steps,
  });
}

export function expectClose(actual: number[], expected: number[], relative: number, what = "value") {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value), `${what} ${i}: ${actual[i]} for ${value}`).toBeLessThan(
      relative * Math.abs(value),
    );
}

export function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

export function expectSameWeights(actual: Weights, expected: Weights, prefix: string, tolerance: number) {
  for (const [name, { data }] of actual) {
    const reference = expected.get(prefix + name);
    expect(reference, name).toBeDefined();
    expect(largestDifference(data, reference!.data), name).toBeLessThan(tolerance);
  }
}

/** A LoRA training on the engine against TRL's: the first loss and gradients, then every step, then the weights. */
export async function checkLora({
  checkpoint,
  folder,
  method,
  training,
  rows,
}: {
  checkpoint: Checkpoint;
  folder: string;
  method: Method;
  training: Training;
  rows: readonly AnyRow[];
}) {
  const reference = json<Reference>(`${folder}/${method}`);
  const values = await tensors(`${folder}/${method}`);
  const initial = await loadAdapter(fixture(`${folder}/adapter`));
  const trainer = createLoraTrainer({
    checkpoint,
    adapter: initial,
    loss: lossOf(method, training),
    maxGradNorm: training.max_grad_norm,
    weightDecay: training.weight_decay,
  });
  const { batch_size, steps } = training;
  const batchAt = (step: number) => {
    const start = (step * batch_size) % rows.length;
    return rows.slice(start, start + batch_size);
  };

  const first = await trainer.differentiate(batchAt(0));
  expectClose([first.loss], [reference.loss], 1e-5, "first loss");
  expect(first.gradients.size).toBe(initial.weights.size);
  for (const [parameter, gradient] of first.gradients) {
    const expected = values.get(`gradient.${parameter}`)!.data;
    expect(cosine(gradient, expected), parameter).toBeGreaterThan(0.99999);
    expectClose([Math.hypot(...gradient)], [Math.hypot(...expected)], 1e-4, parameter);
  }

  const results = [];
  const points: number[] = [];
  for (let step = 0; step < steps; step += 1) {
    if (reference.reference_points)
      points.push(await referencePoint(checkpoint, trainer.adapter(), batchAt(step)));
    results.push(await trainer.step(batchAt(step), rateOf(training, step, "cosine")));
  }
  expectClose(
    results.map(({ loss }) => loss),
    reference.losses,
    1e-4,
    "loss",
  );
  expectClose(
    results.map(({ gradNorm }) => gradNorm),
    reference.grad_norms,
    1e-3,
    "gradient norm",
  );
  for (const [step, point] of points.entries())
    expect(point, `reference point ${step}`).toBeCloseTo(reference.reference_points![step]!, 4);
  expectSameChange(initial.weights, trainer.adapter().weights, values);
  await trainer.release();
}

async function referencePoint({ config, weights }: Checkpoint, adapter: Adapter, rows: readonly Sequence[]) {
  const scorer = new Scorer({ config, weights });
  const point = await ktoReferencePoint(rows, scorer, new ReferencePolicy(scorer, null), adapter);
  await scorer.release();
  return point;
}

/** The relative error of all of a training run's changes together, since a weight is mostly what it was before. */
function expectSameChange(before: Weights, after: Weights, expected: Weights) {
  let [error, change] = [0, 0];
  for (const [name, { data }] of after)
    for (const [i, value] of data.entries()) {
      const reference = expected.get(`after.${name}`)!.data[i]!;
      error += (value - reference) ** 2;
      change += (reference - before.get(name)!.data[i]!) ** 2;
    }
  expect(Math.sqrt(error / change)).toBeLessThan(1e-3);
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}
