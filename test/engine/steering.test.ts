import { describe, expect, test } from "vitest";
import {
  type Adapter,
  createLoraTrainer,
  initAdapter,
  type LoraTrainer,
  type LossSettings,
  loadAdapter,
  loadCheckpoint,
  type Sequence,
  sequenceLogProbs,
} from "../../src/engine/index.js";
import { stream } from "../../src/random.js";
import { type AnyRow, expectClose, fixture, json, tensors } from "./reference.js";

// Values from transformers and PEFT with a hook that adds a vector behind a block: test/reference/make_hidden_fixtures.py.
const { steers } = json<{ steers: Record<string, { family: string; layer: number; loss: number }> }>(
  "hidden/cases",
);
const rowsOf = (family: string): Sequence[] => json<{ rows: Sequence[] }>(`${family}/sft`).rows;

describe.each(Object.entries(steers))("%s", (name, { family, layer, loss: expected }) => {
  test("has the loss and the gradients of a hook in transformers", async () => {
    const values = await tensors(`hidden/${name}`);
    const trainer = createLoraTrainer({
      checkpoint: await loadCheckpoint(fixture(family)),
      adapter: await loadAdapter(fixture(`${family}/adapter`)),
      loss: { method: "sft" },
      steer: { layer, vector: values.get("vector")!.data },
    });
    const { loss, gradients } = await trainer.differentiate(rowsOf(family));
    await trainer.release();
    expectClose([loss], [expected], 1e-5, "loss");
    expect(gradients.size).toBeGreaterThan(0);
    for (const [parameter, gradient] of gradients) {
      const wanted = values.get(`gradient.${parameter}`)!.data;
      const scale = Math.max(...wanted.map(Math.abs), 1e-6);
      const worst = gradient.reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i]!)), 0);
      expect(worst / scale, parameter).toBeLessThan(1e-3);
    }
  });
});

const family = "llama";
const checkpoint = await loadCheckpoint(fixture(family));
const adapter = await loadAdapter(fixture(`${family}/adapter`));
const random = stream("steering/vector");
const vector = Float32Array.from({ length: checkpoint.config.hiddenSize }, () => random() - 0.5);
const some = rowsOf(family);
const trainerOf = (
  loss: LossSettings,
  { from = adapter, layer = 1, by = vector }: { from?: Adapter; layer?: number; by?: Float32Array } = {},
) => createLoraTrainer({ checkpoint, adapter: from, loss, steer: { layer, vector: by } });
const rowsFor = (method: LossSettings["method"]): AnyRow[] =>
  json<{ rows: AnyRow[] }>(`${family}/${method}`).rows;

/** What finite differences along a gradient make of its length; 1 where it is right. */
async function slopeRatio(
  from: Adapter,
  make: (adapter: Adapter) => LoraTrainer<never>,
  rows: readonly AnyRow[],
) {
  const costOf = async (adapter: Adapter) => {
    const trainer = make(adapter);
    const found = await trainer.differentiate(rows as never);
    await trainer.release();
    return found;
  };
  const { gradients } = await costOf(from);
  const norm = Math.sqrt(
    [...gradients.values()].flatMap((one) => [...one]).reduce((sum, x) => sum + x * x, 0),
  );
  const moved = (step: number): Adapter => ({
    config: from.config,
    weights: new Map(
      [...from.weights].map(([name, { shape, data }]) => [
        name,
        { shape, data: data.map((value, i) => value + (step * gradients.get(name)![i]!) / norm) },
      ]),
    ),
  });
  const step = 0.02;
  const [up, down] = [await costOf(moved(step)), await costOf(moved(-step))];
  return (up.loss - down.loss) / (2 * step) / norm;
}

describe.each([
  { method: "sft" },
  { method: "kto", beta: 0.1, loss_type: "apo_zero_unpaired" },
  { method: "dpo", beta: 0.1 },
] as const)("$method", (loss) => {
  test.each([1, 2])(
    "steered behind block %i has the gradient that finite differences give",
    async (layer) => {
      const ratio = await slopeRatio(
        adapter,
        (from) => trainerOf(loss, { layer, from }),
        rowsFor(loss.method),
      );
      expect(Math.abs(ratio - 1)).toBeLessThan(0.02);
    },
  );

  test("by an adapter of rank 1 has it too", async () => {
    const config = { ...adapter.config, r: 1, lora_alpha: 2 };
    const thin = initAdapter(checkpoint.config, config, stream("steering/rank"));
    const noise = stream("steering/rank/b");
    for (const { shape, data } of thin.weights.values()) {
      expect(Math.min(...shape)).toBe(1);
      for (let i = 0; i < data.length; i += 1) data[i]! += 0.4 * (noise() - 0.5);
    }
    const make = (from: Adapter) => createLoraTrainer({ checkpoint, adapter: from, loss });
    expect(Math.abs((await slopeRatio(thin, make, rowsFor(loss.method))) - 1)).toBeLessThan(0.02);
  });
});

test("a steered policy and its reference are moved alike: where the adapter does nothing, they agree", async () => {
  const fresh = initAdapter(checkpoint.config, adapter.config, stream("steering/fresh"));
  const trainer = trainerOf({ method: "dpo", beta: 0.3 }, { from: fresh });
  expect((await trainer.differentiate(rowsFor("dpo"))).loss).toBeCloseTo(Math.log(2), 5);
  await trainer.release();
});

test("nothing of it is left in the adapter, and it changes what is learnt", async () => {
  const learn = async (by: Float32Array) => {
    const trainer = trainerOf({ method: "sft" }, { by });
    for (let step = 0; step < 3; step += 1) await trainer.step(some as AnyRow[], 1e-2);
    const learnt = trainer.adapter();
    await trainer.release();
    return learnt;
  };
  const nothing = await learn(new Float32Array(vector.length));
  const moved = await learn(vector);
  expect([...moved.weights.keys()]).toEqual([...adapter.weights.keys()]);
  const plain = createLoraTrainer({ checkpoint, adapter, loss: { method: "sft" } });
  for (let step = 0; step < 3; step += 1) await plain.step(some, 1e-2);
  const unsteered = await sequenceLogProbs(checkpoint, some, { adapter: plain.adapter() });
  await plain.release();
  expect([...(await sequenceLogProbs(checkpoint, some, { adapter: nothing }))]).toEqual([...unsteered]);
  const after = await sequenceLogProbs(checkpoint, some, { adapter: moved });
  expect(Math.max(...after.map((value, i) => Math.abs(value - unsteered[i]!)))).toBeGreaterThan(1e-3);
});

test("rows imitated beside add their mean loss, unsteered, times a weight", async () => {
  const trainer = trainerOf({ method: "sft" });
  const own = await trainer.differentiate(some as AnyRow[]);
  const safe = { rows: some.slice(0, 3), weight: 2 };
  const scores = await sequenceLogProbs(checkpoint, safe.rows, { adapter });
  const tokens = safe.rows.reduce((sum, { ids, completionStart }) => sum + ids.length - completionStart, 0);
  const mean = -scores.reduce((sum, value) => sum + value, 0) / tokens;
  expect((await trainer.imitate(safe)).loss).toBeCloseTo(2 * mean, 4);
  expect((await trainer.step(some as AnyRow[], 0, { safe })).loss).toBeCloseTo(own.loss + 2 * mean, 4);
  await trainer.release();
});

test.each([
  [{ layer: 3 }, /steering behind layer 3: the model has the layers 1 to 2/],
  [{ by: new Float32Array(3) }, /steering by 3 numbers: the model's states have \d+/],
])("refuses %j", (what, why) => {
  expect(() => trainerOf({ method: "sft" }, what)).toThrow(why);
});
