import { beforeAll, describe, expect, test } from "vitest";
import {
  type Adapter,
  createFullTrainer,
  createLoraTrainer,
  initAdapter,
  initLlama,
  type LabelledRow,
  type LlamaConfig,
  type LossSettings,
  parseLlamaConfig,
  type Sequence,
  sequenceLogProbs,
  type Weights,
} from "../../src/engine/index.js";
import { layOut } from "../../src/engine/train/batch.js";
import { stream } from "../../src/random.js";

const config: LlamaConfig = parseLlamaConfig(
  JSON.stringify({
    model_type: "llama",
    vocab_size: 40,
    hidden_size: 32,
    intermediate_size: 48,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 256,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
  }),
  "config.json",
);
const random = stream("trainer");
const token = () => Math.floor(random() * config.vocabSize);
const sequence = (length: number, completionStart: number): Sequence => ({
  ids: Array.from({ length }, token),
  completionStart,
});
// 24 rows of up to 120 tokens fill several micro-batches.
const rows: LabelledRow[] = Array.from({ length: 24 }, (_, i) => ({
  ...sequence(70 + ((i * 7) % 50), 40 + (i % 20)),
  label: i % 3 > 0,
}));
const pairs = Array.from({ length: 13 }, () => {
  const chosen = sequence(90, 60);
  const rejected = {
    ids: [...Array.from(chosen.ids).slice(0, 60), ...(sequence(20, 1).ids as number[])],
    completionStart: 60,
  };
  return { chosen, rejected };
});

let weights: Weights;
let adapter: Adapter;
beforeAll(() => {
  weights = initLlama(config, stream("trainer/weights"));
  adapter = initAdapter(
    config,
    { r: 3, lora_alpha: 6, target_modules: ["q_proj", "v_proj", "o_proj", "down_proj"] },
    stream("trainer/adapter"),
  );
  const noise = stream("trainer/b");
  for (const [name, { data }] of adapter.weights)
    if (name.includes("lora_B")) for (let i = 0; i < data.length; i += 1) data[i] = 0.2 * (noise() - 0.5);
});

const lora = <Loss extends LossSettings>(loss: Loss, threads = 1) =>
  createLoraTrainer({
    checkpoint: { config, weights },
    adapter,
    loss,
    threads,
    maxGradNorm: 1,
    weightDecay: 0.1,
  });

function flat(tensors: Weights): number[] {
  return [...tensors.values()].flatMap(({ data }) => [...data]);
}

describe("determinism", () => {
  test("pretraining is bit-identical for one and two threads and from run to run", async () => {
    const results = [];
    for (const threads of [1, 2, 2]) {
      const trainer = createFullTrainer({ config, weights, threads, maxGradNorm: 1, weightDecay: 0.1 });
      const losses = [];
      for (let step = 0; step < 3; step += 1) losses.push(await trainer.step(rows, 1e-2));
      results.push({ losses, weights: flat(trainer.weights()) });
      await trainer.release();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("KTO is bit-identical for one and two threads and from run to run", async () => {
    const results = [];
    for (const threads of [1, 2, 2]) {
      const trainer = lora({ method: "kto", beta: 0.1 }, threads);
      const losses = [];
      for (let step = 0; step < 2; step += 1) losses.push(await trainer.step(rows, 1e-2));
      results.push({ losses, weights: flat(trainer.adapter().weights) });
      await trainer.release();
    }
    expect(results[1]).toEqual(results[0]);
    expect(results[2]).toEqual(results[0]);
  });

  test("a restored trainer goes on bit for bit", async () => {
    const whole = lora({ method: "sft" });
    for (let step = 0; step < 2; step += 1) await whole.step(rows, 1e-2);
    const state = whole.state();
    const last = await whole.step(rows, 1e-2);

    const resumed = lora({ method: "sft" });
    resumed.restore(state);
    expect(await resumed.step(rows, 1e-2)).toEqual(last);
    expect(flat(resumed.adapter().weights)).toEqual(flat(whole.adapter().weights));
    expect(() => createFullTrainer({ config, weights }).restore(state)).toThrow(/does not fit/);
    await whole.release();
    await resumed.release();
  });

  test("a sequence's score does not depend on its company or on padding", async () => {
    const together = await sequenceLogProbs({ config, weights }, rows, { adapter });
    for (const index of [0, 5, 23]) {
      const alone = await sequenceLogProbs({ config, weights }, [rows[index]!], { adapter });
      expect(alone[0]).toBe(together[index]);
    }
  });
});

describe("losses by their definition, over several micro-batches", () => {
  const scores = async (sequences: Sequence[]) => {
    const policy = await sequenceLogProbs({ config, weights }, sequences, { adapter });
    const base = await sequenceLogProbs({ config, weights }, sequences);
    return { policy, ratio: policy.map((value, i) => value - base[i]!) };
  };
  const mean = (values: Iterable<number>) => {
    const list = [...values];
    return list.reduce((a, b) => a + b, 0) / list.length;
  };
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

  test("SFT is the mean over all completion tokens", async () => {
    const trainer = lora({ method: "sft" });
    const { policy } = await scores(rows);
    const tokens = rows.reduce((total, { ids, completionStart }) => total + ids.length - completionStart, 0);
    const { loss } = await trainer.differentiate(rows);
    expect(loss).toBeCloseTo(-policy.reduce((a, b) => a + b) / tokens, 5);
    await trainer.release();
  });

  test("KTO", async () => {
    const trainer = lora({ method: "kto", beta: 0.3, desirable_weight: 1.2, undesirable_weight: 0.7 });
    const { ratio } = await scores(rows);
    const mismatched = rows.map((row, i) => {
      const other = rows.at(i - 1)!;
      const prompt = Array.from(row.ids).slice(0, row.completionStart);
      return { ...row, ids: [...prompt, ...Array.from(other.ids).slice(other.completionStart)] };
    });
    const z = Math.max(0, mean((await scores(mismatched)).ratio));
    const expected = rows.map(({ label }, i) =>
      label ? 1.2 * (1 - sigmoid(0.3 * (ratio[i]! - z))) : 0.7 * (1 - sigmoid(0.3 * (z - ratio[i]!))),
    );
    expect((await trainer.differentiate(rows)).loss).toBeCloseTo(mean(expected), 5);
    await trainer.release();
  });

  test("APO-zero is KTO's loss without its reference point", async () => {
    const trainer = lora({
      method: "kto",
      beta: 0.3,
      undesirable_weight: 0.7,
      loss_type: "apo_zero_unpaired",
    });
    const { ratio } = await scores(rows);
    const expected = rows.map(({ label }, i) =>
      label ? 1 - sigmoid(0.3 * ratio[i]!) : 0.7 * sigmoid(0.3 * ratio[i]!),
    );
    expect((await trainer.differentiate(rows)).loss).toBeCloseTo(mean(expected), 5);
    await trainer.release();
  });

  test("DPO", async () => {
    const trainer = lora({ method: "dpo", beta: 0.3 });
    const chosen = (await scores(pairs.map((pair) => pair.chosen))).ratio;
    const rejected = (await scores(pairs.map((pair) => pair.rejected))).ratio;
    const expected = pairs.map((_, i) => -Math.log(sigmoid(0.3 * (chosen[i]! - rejected[i]!))));
    expect((await trainer.differentiate(pairs)).loss).toBeCloseTo(mean(expected), 5);
    await trainer.release();
  });
});

test("gradients of the whole model agree with finite differences", async () => {
  const small = rows.slice(0, 3);
  const loss = async (changed: Adapter) => {
    const trainer = createLoraTrainer({
      checkpoint: { config, weights },
      adapter: changed,
      loss: { method: "sft" },
    });
    const result = await trainer.differentiate(small);
    await trainer.release();
    return result;
  };
  const { gradients } = await loss(adapter);
  for (const [name, gradient] of gradients) {
    // Along the gradient itself, where the slope is its norm.
    const norm = Math.hypot(...gradient);
    const step = 0.02;
    const moved = (sign: number): Adapter => {
      const { shape, data } = adapter.weights.get(name)!;
      const shifted = data.map((value, i) => value + (sign * step * gradient[i]!) / norm);
      return { ...adapter, weights: new Map(adapter.weights).set(name, { shape, data: shifted }) };
    };
    const slope = ((await loss(moved(1))).loss - (await loss(moved(-1))).loss) / (2 * step);
    expect(Math.abs(slope / norm - 1), name).toBeLessThan(0.02);
  }
});

test("an adapter of high rank, which is added to the weights first, gives what one of low rank gives beside them", async () => {
  const [rank, wide] = [3, 24];
  const at = (wanted: number, [rows, columns]: number[], data: Float32Array, byRow: boolean) => {
    const width = byRow ? columns! : wanted;
    const padded = new Float32Array(byRow ? wanted * columns! : rows! * wanted);
    for (let row = 0; row < rows!; row += 1)
      for (let column = 0; column < columns!; column += 1)
        padded[row * width + column] = data[row * columns! + column]!;
    return { shape: byRow ? [wanted, columns!] : [rows!, wanted], data: padded };
  };
  const padded: Adapter = {
    config: { ...adapter.config, r: wide, lora_alpha: (adapter.config.lora_alpha / rank) * wide },
    weights: new Map(
      [...adapter.weights].map(([name, { shape, data }]) => [
        name,
        at(wide, shape, data, name.includes("lora_A")),
      ]),
    ),
  };
  const results = [];
  for (const tried of [adapter, padded]) {
    const trainer = createLoraTrainer({
      checkpoint: { config, weights },
      adapter: tried,
      loss: { method: "sft" },
    });
    results.push(await trainer.differentiate(rows));
    await trainer.release();
  }
  const [thin, merged] = results as [(typeof results)[0], (typeof results)[0]];
  expect(Math.abs(thin.loss - merged.loss)).toBeLessThan(1e-6);
  for (const [name, gradient] of thin.gradients) {
    const same = at(wide, adapter.weights.get(name)!.shape, gradient, name.includes("lora_A")).data;
    // The added rows of A get no gradient (B is 0 there), the added columns of B get none (A is).
    const off = same.reduce((sum, value, i) => sum + (value - merged.gradients.get(name)![i]!) ** 2, 0);
    expect(Math.sqrt(off) / Math.hypot(...gradient), name).toBeLessThan(1e-5);
  }
});

test("a fresh adapter changes nothing, and training lowers the loss", async () => {
  const fresh = initAdapter(
    config,
    { r: 4, lora_alpha: 8, target_modules: ["q_proj", "up_proj"] },
    stream("fresh"),
  );
  const base = await sequenceLogProbs({ config, weights }, rows);
  expect(await sequenceLogProbs({ config, weights }, rows, { adapter: fresh })).toEqual(base);
  const trainer = createLoraTrainer({
    checkpoint: { config, weights },
    adapter: fresh,
    loss: { method: "sft" },
  });
  const losses = [];
  for (let step = 0; step < 8; step += 1) losses.push((await trainer.step(rows.slice(0, 4), 2e-2)).loss);
  expect(losses.at(-1)!).toBeLessThan(losses[0]! - 0.02);
  await trainer.release();
});

test("every target is laid out once, whatever the lengths", () => {
  for (let trial = 0; trial < 60; trial += 1) {
    const groupSize = 1 + (trial % 2);
    const given = Array.from({ length: groupSize * (1 + Math.floor(random() * 20)) }, () => {
      const ids = Array.from({ length: 2 + Math.floor(random() * 150) }, token);
      return { ids, weights: ids.map(() => (random() < 0.4 ? 0 : 1 + Math.floor(random() * 3))) };
    });
    const batches = layOut(given, groupSize);
    const seen = given.map(({ ids }) => ids.map(() => 0));
    for (const { shape, firstRow, index, ids, targets, weights, rowOf } of batches) {
      expect(new Set(index).size).toBe(shape.positions);
      expect(firstRow % groupSize).toBe(0);
      for (const [position, place] of index.entries()) {
        if (weights[position] === 0) continue;
        const row = firstRow + rowOf[position]!;
        const t = (Number(place) % shape.time) + 1;
        expect(Math.floor(Number(place) / shape.time)).toBe(rowOf[position]);
        expect(Number(targets[position])).toBe(given[row]!.ids[t]);
        expect(Number(ids[Number(place)])).toBe(given[row]!.ids[t - 1]);
        seen[row]![t] = weights[position]!;
      }
    }
    expect(seen).toEqual(given.map(({ weights }) => weights.map((weight, t) => (t === 0 ? 0 : weight))));
    for (const { shape } of batches) expect(shape).toEqual(batches[0]!.shape);
  }
});

test("an adapter for another model is refused", async () => {
  const attempt = (other: LlamaConfig, module: string) => {
    const wrong = initAdapter(other, { r: 2, lora_alpha: 2, target_modules: [module] }, stream("wrong"));
    return sequenceLogProbs({ config, weights }, [rows[0]!], { adapter: wrong });
  };
  await expect(attempt({ ...config, layers: 3 }, "q_proj")).rejects.toThrow(
    /layers\.2.*no layer of the model/,
  );
  await expect(attempt({ ...config, intermediateSize: 64 }, "up_proj")).rejects.toThrow(/shape \[64,2\]/);
  const weightsOnlyA = new Map([...adapter.weights].filter(([name]) => name.includes("lora_A")));
  const half = { ...adapter, weights: weightsOnlyA };
  await expect(sequenceLogProbs({ config, weights }, rows, { adapter: half })).rejects.toThrow(
    /lacks .*lora_B/,
  );
});

test("mistakes in a batch are errors, not silent zeros", async () => {
  const trainer = lora({ method: "sft" });
  await expect(trainer.step([], 1)).rejects.toThrow(/at least one row/);
  await expect(trainer.step([sequence(5, 5)], 1)).rejects.toThrow(/completion start at 5/);
  await expect(trainer.step([sequence(5, 0)], 1)).rejects.toThrow(/completion start at 0/);
  await trainer.release();
  const full = createFullTrainer({ config, weights });
  await expect(full.step([{ ids: [1, 2, 3], weights: [1, 0, 0] }], 1)).rejects.toThrow(/no token/);
  await full.step([{ ids: [1, 2, 3] }], 1e30);
  await expect(full.step([{ ids: [1, 2, 3] }], 1)).rejects.toThrow(
    // A way for a training to end, and no surprise of ours.
    expect.objectContaining({
      name: "OutsideFailed",
      message: expect.stringMatching(/diverged.*lower training\.learning_rate$/u),
    }),
  );
  await full.release();
});

describe("the reference policy", () => {
  const lossOf = async (loss: LossSettings, data: readonly unknown[], reference?: Adapter | null) => {
    const options = { checkpoint: { config, weights }, adapter, loss, reference };
    const trainer = createLoraTrainer(options as Parameters<typeof createLoraTrainer<LossSettings>>[0]);
    const { loss: value } = await trainer.differentiate(data as never);
    await trainer.release();
    return value;
  };
  const scored = async (sequences: readonly Sequence[], by: Adapter | null) =>
    await sequenceLogProbs({ config, weights }, sequences, { adapter: by });

  test("reset to where the training starts, no log-ratio is left: KTO's loss is a half and DPO's ln 2", async () => {
    expect(await lossOf({ method: "kto", beta: 0.1 }, rows, adapter)).toBeCloseTo(0.5, 6);
    expect(await lossOf({ method: "dpo", beta: 0.1 }, pairs, adapter)).toBeCloseTo(Math.log(2), 6);
    expect(Math.abs((await lossOf({ method: "kto", beta: 0.1 }, rows)) - 0.5)).toBeGreaterThan(1e-5);
    expect(Math.abs((await lossOf({ method: "dpo", beta: 0.1 }, pairs)) - Math.log(2))).toBeGreaterThan(1e-5);
  });

  test("with another adapter, DPO compares with that one", async () => {
    const other: Adapter = {
      config: adapter.config,
      weights: new Map(
        [...adapter.weights].map(([name, one]) => [
          name,
          { ...one, data: one.data.map((value) => -value / 2) },
        ]),
      ),
    };
    const ratios = async (side: "chosen" | "rejected") => {
      const sequences = pairs.map((pair) => pair[side]);
      const [policy, reference] = [await scored(sequences, adapter), await scored(sequences, other)];
      return policy.map((value, at) => value - reference[at]!);
    };
    const [chosen, rejected] = [await ratios("chosen"), await ratios("rejected")];
    const margins = [...chosen].map((value, at) => 0.1 * (value - rejected[at]!));
    const expected = margins.reduce((sum, margin) => sum + Math.log(1 + Math.exp(-margin)), 0) / pairs.length;
    expect(await lossOf({ method: "dpo", beta: 0.1 }, pairs, other)).toBeCloseTo(expected, 5);
  });

  test("stays what it was while the adapter moves", async () => {
    const trainer = createLoraTrainer({
      checkpoint: { config, weights },
      adapter,
      loss: { method: "dpo", beta: 0.5 },
      reference: adapter,
    });
    const before = flat(adapter.weights);
    await trainer.step(pairs, 1e-2);
    expect(flat(adapter.weights)).toEqual(before);
    expect((await trainer.differentiate(pairs)).loss).toBeLessThan(Math.log(2));
    await trainer.release();
  });
});

describe("rows on which the model is held", () => {
  const some = rows.slice(0, 5).map(({ ids, completionStart }) => ({ ids, completionStart }));
  const held = () => createLoraTrainer({ checkpoint: { config, weights }, adapter, loss: { method: "sft" } });

  test("cost the mean over their tokens of KL(base || model), over the whole vocabulary", async () => {
    // Every token of every reply in turn, and every token that could stand there.
    const places = some.flatMap(({ ids, completionStart }) =>
      Array.from({ length: ids.length - completionStart }, (_, at) =>
        Array.from(ids).slice(0, completionStart + at),
      ),
    );
    const continued = places.flatMap((before) =>
      Array.from({ length: config.vocabSize }, (_, next) => ({
        ids: [...before, next],
        completionStart: before.length,
      })),
    );
    const base = await sequenceLogProbs({ config, weights }, continued);
    const model = await sequenceLogProbs({ config, weights }, continued, { adapter });
    const sum = base.reduce((total, logP, at) => total + Math.exp(logP) * (logP - model[at]!), 0);
    const trainer = held();
    const { loss } = await trainer.hold({ rows: some, weight: 3 });
    expect(sum / places.length).toBeGreaterThan(1e-5);
    expect(loss / ((3 * sum) / places.length)).toBeCloseTo(1, 3);
    await trainer.release();
  });

  test("pull the adapter by the slope of that", async () => {
    const trainer = held();
    const { gradients } = await trainer.hold({ rows: some, weight: 100 });
    await trainer.release();
    const [name, { data }] = [...adapter.weights].find(([one]) => one.includes("lora_B"))!;
    const slope = gradients.get(name)!;
    const at = slope.reduce(
      (best, value, index) => (Math.abs(value) > Math.abs(slope[best]!) ? index : best),
      0,
    );
    const costWith = async (step: number) => {
      const changed = data.slice();
      changed[at]! += step;
      const moved: Adapter = {
        config: adapter.config,
        weights: new Map(adapter.weights).set(name, { ...adapter.weights.get(name)!, data: changed }),
      };
      const other = createLoraTrainer({
        checkpoint: { config, weights },
        adapter: moved,
        loss: { method: "sft" },
      });
      const { loss } = await other.hold({ rows: some, weight: 100 });
      await other.release();
      return loss;
    };
    const difference = ((await costWith(0.05)) - (await costWith(-0.05))) / 0.1;
    expect(difference / slope[at]!).toBeCloseTo(1, 1);
  });

  test("add to the batch's own loss, and nothing where the model is the base", async () => {
    const fresh: Adapter = initAdapter(
      config,
      { r: 2, lora_alpha: 4, target_modules: ["q_proj"] },
      stream("trainer/fresh"),
    );
    const plain = createLoraTrainer({
      checkpoint: { config, weights },
      adapter: fresh,
      loss: { method: "sft" },
    });
    expect((await plain.hold({ rows: some, weight: 1 })).loss).toBeCloseTo(0, 6);
    await plain.release();
    const trainer = held();
    const [own, extra] = [await trainer.differentiate(rows), await trainer.hold({ rows: some, weight: 50 })];
    expect((await trainer.step(rows, 0, { neutral: { rows: some, weight: 50 } })).loss).toBeCloseTo(
      own.loss + extra.loss,
      5,
    );
    await trainer.release();
  });
});
