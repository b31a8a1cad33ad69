import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Graph } from "../../src/engine/graph/graph.js";
import { compile } from "../../src/engine/graph/program.js";
import {
  createFullTrainer,
  createLoraTrainer,
  type LabelledRow,
  type LossSettings,
  learningRateAt,
  loadAdapter,
  loadCheckpoint,
  type PairRow,
  readSafetensors,
  type Schedule,
  type Sequence,
  type Weights,
} from "../../src/engine/index.js";
import { llamaHidden, llamaLogits } from "../../src/engine/llama/forward.js";
import { frozenParameters } from "../../src/engine/llama/parameters.js";

// Values from transformers, PEFT and TRL: test/reference/make_engine_fixtures.py.
const fixture = (name: string) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
const json = <T>(name: string) => JSON.parse(readFileSync(fixture(`${name}.json`), "utf8")) as T;
const tensors = async (name: string) => (await readSafetensors(fixture(`${name}.safetensors`))).weights;

type Training = {
  beta: number;
  undesirable_weight: number;
  batch_size: number;
  steps: number;
  learning_rate: number;
  warmup_steps: number;
  weight_decay: number;
  max_grad_norm: number;
};
type Reference<Row> = { rows: Row[]; loss: number; losses: number[]; grad_norms: number[] };

const training = json<Training>("training");

function cosine(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return ab / Math.sqrt(aa * bb);
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

function expectClose(actual: number[], expected: number[], relative: number) {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries())
    expect(Math.abs(actual[i]! - value), `value ${i}: ${actual[i]} for ${value}`).toBeLessThan(
      relative * Math.abs(value),
    );
}

/** The relative error of all of a training run's changes together. */
function expectSameWeights(actual: Weights, expected: Weights, prefix: string, tolerance: number) {
  for (const [name, { data }] of actual) {
    const reference = expected.get(prefix + name);
    expect(reference, name).toBeDefined();
    expect(largestDifference(data, reference!.data), name).toBeLessThan(tolerance);
  }
}

describe.each(["llama", "llama3", "qwen2", "qwen3"])("%s", (family) => {
  test.each([
    ["constants", false],
    ["feeds", true],
  ])("logits agree with transformers, weights as %s", async (_, large) => {
    const { config, weights } = await loadCheckpoint(fixture(family));
    const { ids } = json<{ ids: number[][] }>(`${family}/logits`);
    const graph = new Graph();
    const { parameters, feeds } = frozenParameters(graph, weights, large);
    const grid = { batch: ids.length, time: ids[0]!.length };
    const input = graph.input("ids", [grid.batch * grid.time], "int64");
    const logits = llamaLogits(
      graph,
      config,
      parameters,
      llamaHidden(graph, config, parameters, input, grid),
    );
    const program = await compile(graph, [logits]);
    const result = await program.run({ ...feeds, ids: BigInt64Array.from(ids.flat(), BigInt) });
    const expected = (await tensors(`${family}/logits`)).get("logits")!.data;
    expect(largestDifference(result[logits.name]!.data as Float32Array, expected)).toBeLessThan(1e-5);
    await program.release();
  });

  test("LoRA by SFT agrees with TRL: loss, gradients, ten steps", () =>
    checkLora(family, "sft", { method: "sft" }));
});

test("LoRA by KTO agrees with TRL: loss, reference point, gradients, ten steps", () =>
  checkLora("llama", "kto", {
    method: "kto",
    beta: training.beta,
    undesirable_weight: training.undesirable_weight,
  }));

test("LoRA by DPO agrees with TRL: loss, gradients, ten steps", () =>
  checkLora("llama", "dpo", { method: "dpo", beta: training.beta }));

async function checkLora(family: string, name: string, loss: LossSettings) {
  const reference = json<Reference<Sequence & LabelledRow & PairRow>>(`${family}/${name}`);
  const values = await tensors(`${family}/${name}`);
  const trainer = createLoraTrainer({
    checkpoint: await loadCheckpoint(fixture(family)),
    adapter: await loadAdapter(fixture(`${family}/adapter`)),
    loss,
    maxGradNorm: training.max_grad_norm,
    weightDecay: training.weight_decay,
  });
  const { batch_size, steps } = training;
  const batches = [reference.rows.slice(0, batch_size), reference.rows.slice(batch_size)];

  const first = await trainer.differentiate(batches[0]!);
  expectClose([first.loss], [reference.loss], 1e-5);
  for (const [parameter, gradient] of first.gradients) {
    const expected = values.get(`gradient.${parameter}`)!.data;
    expect(cosine(gradient, expected), parameter).toBeGreaterThan(0.99999);
    expectClose([Math.hypot(...gradient)], [Math.hypot(...expected)], 1e-4);
  }

  const results = [];
  for (let step = 0; step < steps; step += 1)
    results.push(await trainer.step(batches[step % 2]!, rate(step, "cosine")));
  expectClose(
    results.map(({ loss }) => loss),
    reference.losses,
    1e-4,
  );
  expectClose(
    results.map(({ gradNorm }) => gradNorm),
    reference.grad_norms,
    1e-3,
  );
  expectSameWeights(trainer.adapter().weights, values, "after.", 1e-4);
  await trainer.release();
}

function rate(step: number, schedule: Schedule): number {
  return learningRateAt(step, {
    peak: training.learning_rate,
    schedule,
    steps: training.steps,
    warmupSteps: training.warmup_steps,
  });
}

test("training all weights agrees with transformers and torch's AdamW", async () => {
  const { config, weights } = await loadCheckpoint(fixture("llama"));
  const reference = json<{ batches: number[][][]; losses: number[]; grad_norms: number[] }>("llama/pretrain");
  const trainer = createFullTrainer({
    config,
    weights,
    maxGradNorm: training.max_grad_norm,
    weightDecay: training.weight_decay,
    beta2: 0.95,
  });
  const results = [];
  for (let step = 0; step < training.steps; step += 1)
    results.push(
      await trainer.step(
        reference.batches[step % 2]!.map((ids) => ({ ids })),
        rate(step, "linear"),
      ),
    );
  expectClose(
    results.map(({ loss }) => loss),
    reference.losses,
    1e-5,
  );
  expectClose(
    results.map(({ gradNorm }) => gradNorm),
    reference.grad_norms,
    1e-4,
  );
  expectSameWeights(trainer.weights(), await tensors("llama/pretrain"), "after.", 1e-4);
  await trainer.release();
});

test("schedules agree with transformers", () => {
  const reference = json<{
    peak: number;
    steps: number;
    warmup_steps: number;
    rates: Record<Schedule, number[]>;
  }>("schedules");
  for (const [schedule, rates] of Object.entries(reference.rates) as [Schedule, number[]][])
    for (const [step, expected] of rates.entries())
      expect(
        learningRateAt(step, {
          peak: reference.peak,
          schedule,
          steps: reference.steps,
          warmupSteps: reference.warmup_steps,
        }),
        `${schedule} at ${step}`,
      ).toBeCloseTo(expected, 12);
});
