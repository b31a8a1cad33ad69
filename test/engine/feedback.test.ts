import { beforeAll, describe, expect, test } from "vitest";
import {
  type Adapter,
  type Checkpoint,
  createLoraTrainer,
  createRewardTrainer,
  loadCheckpoint,
  type Sequence,
  sequenceLogProbs,
  type Weights,
} from "../../src/engine/index.js";
import type { DrawnRow } from "../../src/engine/train/lora-trainer.js";
import { packageFile } from "../../src/package-root.js";
import { leaveOneOut } from "../../src/training/embedded/leave-one-out.js";
import { expectClose, json, rateOf, type Training, tensors } from "./reference.js";

// Reward models and RLOO on minnow against TRL's, on the same rows (test/reference/make_feedback_fixtures.py).

const HEAD = "base_model.model.score.weight";
const MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
let checkpoint: Checkpoint;
beforeAll(async () => {
  checkpoint = await loadCheckpoint(packageFile("models/minnow/1"));
});

/** The tensors whose names begin so, without that. */
function under(values: Weights, prefix: string): Weights {
  return new Map(
    [...values].flatMap(([name, value]) =>
      name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), value]] : [],
    ),
  );
}

const adapterOf = (weights: Weights): Adapter => ({
  config: { r: 2, lora_alpha: 6, target_modules: MODULES },
  weights: new Map([...weights].filter(([name]) => name !== HEAD)),
});

function expectSameGradients(found: ReadonlyMap<string, Float32Array>, expected: Weights): void {
  expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
  let [error, size] = [0, 0];
  for (const [name, gradient] of found)
    for (const [at, value] of gradient.entries()) {
      const reference = expected.get(name)!.data[at]!;
      error += (value - reference) ** 2;
      size += reference ** 2;
    }
  expect(Math.sqrt(error / size)).toBeLessThan(1e-4);
}

/** The slope of a loss along its own gradient, by differences and by the gradient: equal if the gradient is right. */
async function slopes(
  weights: Weights,
  lossAt: () => Promise<number>,
  gradients: ReadonlyMap<string, Float32Array>,
) {
  const norm = Math.hypot(...[...gradients.values()].flatMap((one) => [...one]));
  const step = 1e-2 / norm;
  const move = (by: number) => {
    for (const [name, { data }] of weights) {
      const gradient = gradients.get(name)!;
      for (let at = 0; at < data.length; at += 1) data[at]! += by * gradient[at]!;
    }
  };
  move(step);
  const above = await lossAt();
  move(-2 * step);
  const below = await lossAt();
  move(step);
  return { measured: (above - below) / (2 * step), told: norm ** 2 };
}

describe("a reward model", () => {
  type Told = {
    tokens: number[][];
    values: number[];
    loss: number;
    losses: number[];
    grad_norms: number[];
  };
  const told = json<Told>("feedback/reward");
  const training = json<Training>("feedback/training");
  const texts = told.tokens.map((ids): Sequence => ({ ids, completionStart: 1 }));
  const pairs = Array.from({ length: texts.length / 2 }, (_, at) => ({
    chosen: texts[2 * at]!,
    rejected: texts[2 * at + 1]!,
  }));
  const trainerOf = (weights: Weights) =>
    createRewardTrainer({
      checkpoint,
      start: { adapter: adapterOf(weights), head: weights.get(HEAD)! },
      maxGradNorm: training.max_grad_norm,
      weightDecay: training.weight_decay,
    });

  test("agrees with TRL's RewardTrainer on minnow's pairs: values, loss, gradients, ten steps, weights", async () => {
    const values = await tensors("feedback/reward");
    const before = under(values, "before");
    const trainer = trainerOf(before);
    expectClose([...(await trainer.values(texts))], told.values, 1e-4, "value");
    const batchAt = (step: number) => {
      const start = (step * training.batch_size) % pairs.length;
      return pairs.slice(start, start + training.batch_size);
    };
    const first = await trainer.differentiate(batchAt(0));
    expectClose([first.loss], [told.loss], 1e-5, "first loss");
    expectSameGradients(first.gradients, under(values, "gradient"));
    const steps = [];
    for (let step = 0; step < training.steps; step += 1)
      steps.push(await trainer.step(batchAt(step), rateOf(training, step, "cosine")));
    const losses = steps.map(({ loss }) => loss);
    expectClose(losses, told.losses, 1e-4, "loss");
    const norms = steps.map(({ gradNorm }) => gradNorm);
    expectClose(norms, told.grad_norms, 1e-3, "gradient norm");
    const { adapter, head } = trainer.model();
    let [error, change] = [0, 0];
    for (const [name, { data }] of [...adapter.weights, [HEAD, head] as const])
      for (const [at, value] of data.entries()) {
        const reference = values.get(`after.${name}`)!.data[at]!;
        error += (value - reference) ** 2;
        change += (reference - before.get(name)!.data[at]!) ** 2;
      }
    expect(Math.sqrt(error / change)).toBeLessThan(1e-3);
    await trainer.release();
  });

  test("values a text alike whatever is read beside it, once or again, and anew after a step", async () => {
    const trainer = trainerOf(under(await tensors("feedback/reward"), "before"));
    const first = await trainer.values(texts);
    const again = await trainer.values([texts[1]!, ...texts, texts[1]!]);
    expect([...again]).toEqual([first[1]!, ...first, first[1]!]);
    await trainer.step(pairs.slice(0, 2), 0.01);
    const after = await trainer.values(texts);
    expect([...after]).not.toEqual([...first]);
    const other = trainerOf(under(await tensors("feedback/reward"), "before"));
    await other.step(pairs.slice(0, 2), 0.01);
    expect((await other.values([texts[1]!]))[0]).toBe(after[1]);
    await Promise.all([trainer.release(), other.release()]);
  });

  test("reads a pair as it reads its texts one by one, whatever the two share", async () => {
    const trainer = trainerOf(under(await tensors("feedback/reward"), "before"));
    const [one, other] = [Array.from(texts[0]!.ids), Array.from(texts[1]!.ids)];
    const long = [...one, ...one, ...other].slice(0, 90);
    const odd = [
      [one, other],
      [one, one],
      [one, [...one, 7, 8]],
      [[5, 6, 7], [9]],
      [[4], [4]],
      [long, long.toSpliced(60, 3, 11)],
    ];
    // One by one, together, and so many that a part is filled up.
    for (const given of [odd.slice(0, 1), odd, [...odd, ...odd, ...odd.slice(1)]]) {
      const rows = given.map(([chosen, rejected]) => ({
        chosen: { ids: chosen!, completionStart: 0 },
        rejected: { ids: rejected!, completionStart: 0 },
      }));
      const values = await trainer.values(rows.flatMap(({ chosen, rejected }) => [chosen, rejected]));
      const losses = rows.map((_, at) => Math.log1p(Math.exp(values[2 * at + 1]! - values[2 * at]!)));
      const { loss } = await trainer.differentiate(rows);
      expect(loss).toBeCloseTo(losses.reduce((sum, value) => sum + value, 0) / losses.length, 5);
    }
    await trainer.release();
  });

  test("has the gradients that differences tell, of its head too", async () => {
    const weights = under(await tensors("feedback/reward"), "before");
    const loss = async () => {
      const trainer = trainerOf(weights);
      const found = await trainer.differentiate(pairs.slice(0, 5));
      await trainer.release();
      return found;
    };
    const { gradients } = await loss();
    const { measured, told } = await slopes(weights, async () => (await loss()).loss, gradients);
    expect(measured / told).toBeCloseTo(1, 2);
  });

  test("is not what it was given: a copy learns", async () => {
    const weights = under(await tensors("feedback/reward"), "before");
    const kept = weights.get(HEAD)!.data.slice();
    const trainer = trainerOf(weights);
    await trainer.step(pairs.slice(0, 2), 0.1);
    expect(weights.get(HEAD)!.data).toEqual(kept);
    expect(trainer.model().head.data).not.toEqual(kept);
    await trainer.release();
  });
});

describe("RLOO", () => {
  type Told = {
    rows: (DrawnRow & { reward: number })[];
    loss: number;
    beta: number;
    epsilon: number;
    num_generations: number;
    clipped: Record<string, number>;
  };
  const told = json<Told>("feedback/rloo");
  const { rows, epsilon } = told;
  const trainerOf = (weights: Weights) =>
    createLoraTrainer({ checkpoint, adapter: adapterOf(weights), loss: { method: "rloo", epsilon } });

  test("takes the advantages that TRL takes from rewards and the divergence from the reference", async () => {
    const drawn = adapterOf(under(await tensors("feedback/rloo"), "drawn"));
    const policy = await sequenceLogProbs(checkpoint, rows, { adapter: drawn });
    const reference = await sequenceLogProbs(checkpoint, rows);
    expectClose(
      [...policy],
      rows.map(({ drawnLogProb }) => drawnLogProb),
      1e-4,
      "log-probability",
    );
    const rewards = rows.map(({ reward }, at) => reward - told.beta * (policy[at]! - reference[at]!));
    const found = leaveOneOut(rewards, told.num_generations);
    for (const [at, { advantage }] of rows.entries()) expect(found[at]).toBeCloseTo(advantage, 4);
  });

  test("agrees with TRL's RLOOTrainer on replies that it drew: loss and gradients, some ratios clipped", async () => {
    const values = await tensors("feedback/rloo");
    expect(told.clipped["clip_ratio/high_max"]).toBe(1);
    const trainer = trainerOf(under(values, "moved"));
    const { loss, gradients } = await trainer.differentiate(rows);
    expectClose([loss], [told.loss], 1e-4, "loss");
    expectSameGradients(gradients, under(values, "gradient"));
    await trainer.release();
  });

  test("has the gradients that differences tell", async () => {
    const weights = under(await tensors("feedback/rloo"), "moved");
    const loss = async () => {
      const trainer = trainerOf(weights);
      const found = await trainer.differentiate(rows);
      await trainer.release();
      return found;
    };
    const { gradients } = await loss();
    const { measured, told } = await slopes(weights, async () => (await loss()).loss, gradients);
    expect(measured / told).toBeCloseTo(1, 1);
  });

  test("learns nothing from replies that went beyond the clipping range", async () => {
    const weights = under(await tensors("feedback/rloo"), "moved");
    const policy = await sequenceLogProbs(checkpoint, rows, { adapter: adapterOf(weights) });
    const trainer = trainerOf(weights);
    const lossOf = async (advantage: number, above: number) => {
      const moved = rows.map((row, at) => ({ ...row, advantage, drawnLogProb: policy[at]! - above }));
      const { gradients } = await trainer.differentiate(moved);
      return Math.max(...[...gradients.values()].flatMap((one) => [...one].map(Math.abs)));
    };
    expect(await lossOf(1, 1)).toBe(0);
    expect(await lossOf(-1, -1)).toBe(0);
    expect(await lossOf(1, -1)).toBeGreaterThan(0);
    expect(await lossOf(-1, 1)).toBeGreaterThan(0);
    await trainer.release();
  });
});
