import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  createGenerator,
  type GenerateRequest,
  type Generator,
  type ScoreResult,
} from "../../src/engine/index.js";
import { randomPrompt, tinyModel } from "./tiny-model.js";

const models = {
  grouped: tinyModel(),
  "one query head a key head": tinyModel({ kvHeads: 4 }),
  "head norms and biases": tinyModel({ family: "qwen3", qkNorm: true, qkvBias: true, heads: 8, headDim: 6 }),
};

/** A prompt out of few beginnings, so that some share blocks, and some are each other's beginning. */
const request = fc
  .record({
    family: fc.integer({ min: 0, max: 2 }),
    length: fc.integer({ min: 1, max: 60 }),
    maxTokens: fc.integer({ min: 1, max: 40 }),
    temperature: fc.constantFrom(0, 0.7, 1),
    topP: fc.constantFrom(0.9, 1),
    seed: fc.integer({ min: 0, max: 1e6 }),
  })
  .map(
    ({ family, length, ...settings }): GenerateRequest => ({
      ids: randomPrompt(60, 61, `family ${family}`).slice(0, length),
      stop: [1, 2],
      ...settings,
    }),
  );

describe.each(Object.entries(models))("%s", (_name, model) => {
  test("no bit of a result depends on what else is in the batch, on its size, order, threads or memory", async () => {
    const fresh = async (threads: number, maxBatch: number): Promise<Generator> =>
      await createGenerator(model, { threads, maxBatch });
    // One that has read nothing else keeps its memory of prompts out of the comparison.
    const alone = async (one: GenerateRequest) => {
      const generator = await fresh(1, 1);
      const [result] = await generator.generate([one]);
      await generator.release();
      return result!;
    };
    const [wide, narrow] = [await fresh(2, 128), await fresh(1, 3)];
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: 9 }), async (requests) => {
        const expected = await Promise.all(requests.map(alone));
        expect(await wide.generate(requests)).toStrictEqual(expected);
        expect((await narrow.generate([...requests].reverse())).reverse()).toStrictEqual(expected);
        expect(await wide.generate(requests)).toStrictEqual(expected);
      }),
      { numRuns: 12, seed: 7 },
    );
    await Promise.all([wide.release(), narrow.release()]);
  });

  test("nor does a score", async () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({
      prompt: randomPrompt(60, 61, `family ${i % 3}`).slice(0, 1 + ((i * 7) % 50)),
      completion: randomPrompt(1 + ((i * 5) % 23), 61, `completion ${i}`),
      alternatives: i % 3,
    }));
    const alone = await createGenerator(model, { threads: 1, maxBatch: 1 });
    const expected: ScoreResult[] = [];
    for (const pair of pairs) expected.push(...(await alone.score([pair])));
    const together = await createGenerator(model, { threads: 2 });
    expect(await together.score(pairs)).toStrictEqual(expected);
    await Promise.all([alone.release(), together.release()]);
  });
});

test("requests of one moment share steps, and more than fit take turns", async () => {
  const generator = await createGenerator(models.grouped, { threads: 1, maxBatch: 8 });
  const requests = Array.from({ length: 8 }, (_, seed) => ({
    ids: randomPrompt(5, 61, "same"),
    maxTokens: 10,
    temperature: 1,
    topP: 1,
    stop: [],
    seed,
  }));
  await Promise.all(requests.map(async (one) => await generator.generate([one])));
  // The first token comes with the prompt.
  expect(generator.statistics()).toMatchObject({ admissions: 1, steps: 9, newTokens: 80 });
  await generator.generate([...requests, ...requests.slice(0, 4)]);
  expect(generator.statistics()).toMatchObject({ admissions: 3, steps: 27, newTokens: 200 });
  await generator.release();
});

test("a request may come while others run", async () => {
  const generator = await createGenerator(models.grouped, { threads: 1 });
  const one = { ids: [5, 6, 7], maxTokens: 30, temperature: 1, topP: 1, stop: [], seed: 3 };
  const late: Promise<unknown>[] = [];
  const [first] = await generator.generate([
    {
      ...one,
      onToken: () => {
        if (late.length < 3) late.push(generator.generate([one]));
      },
    },
  ]);
  for (const result of await Promise.all(late)) expect(result).toStrictEqual([first]);
  await generator.release();
});

test("equal tokens after different beginnings are read apart, and what is remembered is read once", async () => {
  const [first, second, same] = ["first", "second", "same"].map((name) => randomPrompt(16, 61, name));
  const one = { maxTokens: 8, temperature: 1, topP: 1, stop: [], seed: 3 };
  const prompts = [first, second].map((beginning) => [...beginning!, ...same!, 5]);
  const results = [];
  const generator = await createGenerator(models.grouped, { threads: 1 });
  for (const ids of prompts) {
    const before = generator.statistics().readTokens;
    results.push(...(await generator.generate([{ ...one, ids }])));
    expect(generator.statistics().readTokens - before).toBe(33);
    await generator.generate([{ ...one, ids }]);
    // Only the end, whose logits are wanted.
    expect(generator.statistics().readTokens - before).toBe(34);
  }
  await generator.release();
  for (const [i, ids] of prompts.entries()) {
    const fresh = await createGenerator(models.grouped, { threads: 1 });
    expect(await fresh.generate([{ ...one, ids }])).toStrictEqual([results[i]]);
    await fresh.release();
  }
});

test("answers that are scored after one prompt read it once, and score what each scores alone", async () => {
  const prompt = randomPrompt(16, 61, "asked").concat([7, 9, 11, 13, 15]);
  const completions = [[3, 4, 5], [3, 4, 6], [8], [3], randomPrompt(20, 61, "long")];
  const asked = completions.map((completion) => ({ prompt, completion }));
  const generator = await createGenerator(models.grouped, { threads: 1 });
  const together = await generator.score(asked);
  // The prompt's 21 tokens, and of each answer all but the last, once where two differ in nothing else.
  expect(generator.statistics().readTokens).toBe(21 + 2 + 19);
  await generator.release();
  for (const [index, one] of asked.entries()) {
    const fresh = await createGenerator(models.grouped, { threads: 1 });
    expect(await fresh.score([one])).toStrictEqual([together[index]]);
    await fresh.release();
  }
});

test("answers read as a tree behind their prompt have the bits of texts read as a whole", async () => {
  const model = tinyModel();
  const said = randomPrompt(40, model.config.vocabSize, "said");
  for (const length of [15, 16, 17, 21]) {
    const generator = await createGenerator(model);
    const prompt = randomPrompt(length, model.config.vocabSize, "before");
    // What goes beyond the prompt's block is read as a whole; what is shorter stands in a tree with others that turn off from it.
    const ends = said.map((_, end) => said.slice(0, end + 1));
    const others = ends.map((end) => [...end.slice(0, -1), 7, 7]);
    const scores = await generator.score(
      [...ends, ...others].map((completion) => ({ prompt, completion, alternatives: 2 })),
    );
    const whole = scores[said.length - 1]!;
    for (const [index, { logprobs, alternatives }] of scores.slice(0, said.length).entries()) {
      expect(logprobs).toStrictEqual(whole.logprobs.slice(0, index + 1));
      expect(alternatives).toStrictEqual(whole.alternatives.slice(0, index + 1));
    }
    await generator.release();
  }
});

test("whatever is asked just as the last answer is given is answered too", async () => {
  const generator = await createGenerator(models.grouped, { threads: 1 });
  const prompt = randomPrompt(9, 61, "just then");
  // The loop that answers comes to its end some turns of the microtask queue after the answer is given.
  for (let turns = 0; turns < 12; turns += 1) {
    await generator.score([{ prompt, completion: [5, 6] }]);
    for (let turn = 0; turn < turns; turn += 1) await null;
    const [next] = await generator.score([{ prompt, completion: [7] }]);
    expect(next!.logprobs).toHaveLength(1);
  }
  await generator.release();
});
