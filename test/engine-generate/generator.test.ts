import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createGenerator, type Generator, initAdapter, mergeAdapter } from "../../src/engine/index.js";
import { UserError } from "../../src/errors.js";
import { stream } from "../../src/random.js";
import { randomPrompt, tinyModel } from "./tiny-model.js";

const model = tinyModel();
const prompt = randomPrompt(20, 61, "prompt");
const settings = { ids: prompt, maxTokens: 12, temperature: 1, topP: 1, stop: [] as number[], seed: 1 };

let generator: Generator;
beforeAll(async () => {
  generator = await createGenerator(model, { threads: 1 });
});
afterAll(() => generator.release());

describe("a text ends", () => {
  test("at maxTokens", async () => {
    const [result] = await generator.generate([settings]);
    expect(result!.ids).toHaveLength(12);
    expect(result!.logprobs).toHaveLength(12);
    expect(result!.finishReason).toBe("length");
  });

  test("before a stop token", async () => {
    const [whole] = await generator.generate([settings]);
    const stop = whole!.ids[5]!;
    const [cut] = await generator.generate([{ ...settings, stop: [stop] }]);
    expect(cut).toStrictEqual({
      ids: whole!.ids.slice(0, whole!.ids.indexOf(stop)),
      logprobs: whole!.logprobs.slice(0, whole!.ids.indexOf(stop)),
      alternatives: [],
      finishReason: "stop",
      end: { id: stop, logprob: whole!.logprobs[whole!.ids.indexOf(stop)], alternatives: [] },
    });
  });

  test("where `until` says", async () => {
    const [result] = await generator.generate([{ ...settings, until: (ids) => ids.length === 4 }]);
    expect(result).toMatchObject({ finishReason: "stop" });
    expect(result!.ids).toHaveLength(4);
  });

  test("where the model's context ends", async () => {
    const [result] = await generator.generate([
      { ...settings, ids: randomPrompt(150, 61, "long"), maxTokens: 99 },
    ]);
    // 160 positions; the last token drawn needs none.
    expect(result!.ids).toHaveLength(11);
    expect(result!.finishReason).toBe("length");
  });

  test("when it is aborted, and the others go on", async () => {
    const controller = new AbortController();
    const reason = new Error("no more");
    const results = await Promise.allSettled([
      generator.generate([
        { ...settings, signal: controller.signal, onToken: () => controller.abort(reason) },
      ]),
      generator.generate([settings]),
    ]);
    expect(results[0]).toStrictEqual({ status: "rejected", reason });
    expect(results[1]!.status).toBe("fulfilled");
  });
});

test("tokens are told as they are drawn", async () => {
  const told: { id: number; logprob: number }[] = [];
  const [result] = await generator.generate([
    { ...settings, onToken: (id, logprob) => told.push({ id, logprob }) },
  ]);
  expect(told.map(({ id }) => id)).toStrictEqual(result!.ids);
  expect(told.map(({ logprob }) => logprob)).toStrictEqual(result!.logprobs);
});

test("log-probabilities of drawn tokens are those that scoring gives, whatever the temperature", async () => {
  const [result] = await generator.generate([{ ...settings, temperature: 1.5, topP: 0.8 }]);
  const [scores] = await generator.score([{ prompt, completion: result!.ids }]);
  for (const [i, score] of scores!.logprobs.entries()) expect(result!.logprobs[i]).toBeCloseTo(score, 4);
});

test("the likeliest tokens are reported in order, of drawn and of scored texts", async () => {
  const [drawn] = await generator.generate([{ ...settings, temperature: 0, alternatives: 3 }]);
  const [scored] = await generator.score([{ prompt, completion: drawn!.ids, alternatives: 61 }]);
  for (const [i, best] of drawn!.alternatives.entries()) {
    expect(best).toHaveLength(3);
    expect(best[0]).toStrictEqual({ id: drawn!.ids[i], logprob: drawn!.logprobs[i] });
    const all = scored!.alternatives[i]!;
    expect(all.slice(0, 3).map(({ id }) => id)).toStrictEqual(best.map(({ id }) => id));
    expect(all).toStrictEqual(all.toSorted((a, b) => b.logprob - a.logprob));
    expect(all.reduce((sum, { logprob }) => sum + Math.exp(logprob), 0)).toBeCloseTo(1, 6);
  }
});

test("a folded-in adapter gives what merged weights give, and another text than the base", async () => {
  const random = stream("adapter");
  const adapter = initAdapter(
    model.config,
    { r: 4, lora_alpha: 8, target_modules: ["q_proj", "down_proj"] },
    random,
  );
  for (const [name, { data }] of adapter.weights)
    if (name.includes("lora_B")) data.set(data.map(() => random() - 0.5));
  const folded = await createGenerator(model, { adapter, threads: 1 });
  const merged = await createGenerator(
    { config: model.config, weights: mergeAdapter(model, adapter) },
    { threads: 1 },
  );
  const [result] = await folded.generate([settings]);
  expect(await merged.generate([settings])).toStrictEqual([result]);
  expect(await generator.generate([settings])).not.toStrictEqual([result]);
  await Promise.all([folded.release(), merged.release()]);
});

describe("errors", () => {
  test("an empty prompt", async () => {
    await expect(generator.generate([{ ...settings, ids: [] }])).rejects.toThrow(UserError);
  });

  test("a prompt longer than the context", async () => {
    await expect(generator.generate([{ ...settings, ids: randomPrompt(161, 61, "x") }])).rejects.toThrow(
      "161 tokens exceed the model's context of 160",
    );
  });

  test("an id beyond the vocabulary", async () => {
    await expect(generator.generate([{ ...settings, ids: [61] }])).rejects.toThrow(
      "token 61 is not in the model's vocabulary of 61",
    );
  });

  test("use after release; release waits for what runs", async () => {
    const short = await createGenerator(model, { threads: 1 });
    const running = short.generate([settings]);
    await short.release();
    await expect(running).resolves.toHaveLength(1);
    await expect(short.generate([settings])).rejects.toThrow("released");
  });
});
