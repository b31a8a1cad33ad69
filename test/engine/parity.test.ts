import { describe, expect, test } from "vitest";
import { Graph } from "../../src/engine/graph/graph.js";
import { compile } from "../../src/engine/graph/program.js";
import { createFullTrainer, learningRateAt, loadCheckpoint, warmupStepsOf } from "../../src/engine/index.js";
import { llamaHidden, llamaLogits } from "../../src/engine/llama/forward.js";
import { frozenParameters } from "../../src/engine/llama/parameters.js";
import { trlFiles } from "../../src/preference/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { settingsFor } from "../../src/training/index.js";
import {
  type AnyRow,
  checkLora,
  expectClose,
  expectSameWeights,
  fixture,
  json,
  largestDifference,
  type Method,
  rateOf,
  type Training,
  tensors,
} from "./reference.js";

const training = json<Training>("training");

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

  test("LoRA by SFT agrees with TRL: loss, gradients, ten steps", () => checkTiny(family, "sft"));
});

test("LoRA by KTO agrees with TRL: loss, reference point, gradients, ten steps", () =>
  checkTiny("llama", "kto"));

test("LoRA by DPO agrees with TRL: loss, gradients, ten steps", () => checkTiny("llama", "dpo"));

async function checkTiny(folder: string, method: Method) {
  const checkpoint = await loadCheckpoint(fixture(folder));
  const { rows } = json<{ rows: AnyRow[] }>(`${folder}/${method}`);
  await checkLora({ checkpoint, folder, method, training, rows });
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
        rateOf(training, step, "linear"),
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

test("schedules agree with what transformers makes of the exported settings", () => {
  const reference =
    json<{ name: string; warmup_steps: number; steps: number; rates: number[] }[]>("schedules");
  let compared = 0;
  for (const schedule of ["constant", "linear", "cosine"] as const)
    for (const warmup_ratio of [0, 0.01, 0.1, 0.3, 0.5, 0.99, 1]) {
      const { training } = scenarioSchema.parse({
        name: "x",
        training: { lr_scheduler_type: schedule, warmup_ratio, learning_rate: 0.5 },
      });
      const data = { method: "sft" as const, rows: [] };
      const { config } = trlFiles({ data, settings: settingsFor(training, data, 1), model: "m", seed: 1 });
      for (const { name, warmup_steps, steps, rates } of reference) {
        if (name !== config.lr_scheduler_type || warmup_steps !== config.warmup_steps) continue;
        compared += 1;
        for (const [step, expected] of rates.entries())
          expect(
            learningRateAt(step, {
              peak: 0.5,
              schedule,
              steps,
              warmupSteps: warmupStepsOf(warmup_ratio, steps),
            }),
            `${schedule}, warm-up ${warmup_ratio}, step ${step} of ${steps}`,
          ).toBeCloseTo(expected, 12);
      }
    }
  expect(compared).toBe(3 * 7 * 5);
});
