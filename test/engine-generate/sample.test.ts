import { describe, expect, test } from "vitest";
import { type Prediction, sampleToken } from "../../src/engine/generate/sample.js";
import { createGenerator } from "../../src/engine/index.js";
import { stream } from "../../src/random.js";
import { tinyModel } from "./tiny-model.js";

const logits = Float32Array.of(1.2, -0.3, 0.4, 2.1, -5, 0.4);

function softmax(values: Float32Array, temperature: number): number[] {
  const weights = [...values].map((value) => Math.exp(value / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** What the model would say: the weights that its graph makes of the logits. */
function predict(values: Float32Array, temperature: number): Prediction {
  const largest = Math.max(...values);
  const scale = temperature === 0 ? 1 : temperature;
  return { logits: values, weights: values.map((value) => Math.exp((value - largest) / scale)) };
}

/** Pearson's statistic of draws against probabilities; categories of zero probability must stay empty. */
function chiSquare(counts: number[], probabilities: number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, i) => {
    const expected = draws * probabilities[i]!;
    if (expected === 0) expect(count).toBe(0);
    return expected === 0 ? sum : sum + (count - expected) ** 2 / expected;
  }, 0);
}

function drawMany(temperature: number, topP: number): number[] {
  const random = stream("draws");
  const counts = new Array<number>(logits.length).fill(0);
  for (let i = 0; i < 20_000; i += 1)
    counts[sampleToken(predict(logits, temperature), { temperature, topP }, random).id]! += 1;
  return counts;
}

// 5 degrees of freedom: 20.5 is exceeded with probability 0.001.
const LIMIT = 20.5;

describe("draws follow", () => {
  test.each([0.5, 1, 2])("the softmax at temperature %d", (temperature) => {
    expect(chiSquare(drawMany(temperature, 1), softmax(logits, temperature))).toBeLessThan(LIMIT);
  });

  test("the nucleus: the fewest most likely tokens that reach topP, renormalised", () => {
    const probabilities = softmax(logits, 1);
    const [third, first] = [probabilities[3]!, probabilities[0]!];
    expect(third).toBeLessThan(0.7);
    expect(third + first).toBeGreaterThan(0.7);
    const nucleus = [first, 0, 0, third, 0, 0].map((p) => p / (first + third));
    expect(chiSquare(drawMany(1, 0.7), nucleus)).toBeLessThan(LIMIT);
  });

  test("the model's predictions, from prompt to token", async () => {
    const model = tinyModel({ vocabSize: 7 });
    const generator = await createGenerator(model, { threads: 1 });
    const scores = await generator.score(
      Array.from({ length: 7 }, (_, id) => ({ prompt: [3, 4, 5], completion: [id] })),
    );
    const results = await generator.generate(
      Array.from({ length: 3000 }, (_, seed) => ({
        ids: [3, 4, 5],
        maxTokens: 1,
        temperature: 1,
        topP: 1,
        stop: [],
        seed,
      })),
    );
    const counts = new Array<number>(7).fill(0);
    for (const { ids } of results) counts[ids[0]!]! += 1;
    expect(
      chiSquare(
        counts,
        scores.map(({ logprobs }) => Math.exp(logprobs[0]!)),
      ),
    ).toBeLessThan(22.5);
    await generator.release();
  });
});

test("draws at different temperatures may share a batch", async () => {
  const model = tinyModel({ vocabSize: 7 });
  const generator = await createGenerator(model, { threads: 1 });
  const [score] = await generator.score([{ prompt: [3, 4, 5], completion: [0], alternatives: 7 }]);
  const results = await generator.generate(
    Array.from({ length: 4000 }, (_, seed) => ({
      ids: [3, 4, 5],
      maxTokens: 1,
      temperature: [0.5, 2][seed % 2]!,
      topP: 1,
      stop: [],
      seed,
    })),
  );
  for (const [index, temperature] of [0.5, 2].entries()) {
    const counts = new Array<number>(7).fill(0);
    for (const [i, { ids }] of results.entries()) if (i % 2 === index) counts[ids[0]!]! += 1;
    const own = new Array<number>(7).fill(0);
    for (const { id, logprob } of score!.alternatives[0]!) own[id] = logprob;
    expect(chiSquare(counts, softmax(Float32Array.from(own), temperature))).toBeLessThan(22.5);
  }
  await generator.release();
});

test("temperature 0 takes the first of the most likely", () => {
  const { id } = sampleToken(predict(Float32Array.of(1, 3, 3, 2), 0), { temperature: 0, topP: 1 }, () => {
    throw new Error("draws nothing");
  });
  expect(id).toBe(1);
});

test("log-probabilities are the model's own, whatever the temperature and nucleus", () => {
  for (const [temperature, topP] of [
    [0, 1],
    [1, 1],
    [0.3, 1],
    [2, 0.5],
  ] as const) {
    const { id, logprob } = sampleToken(predict(logits, temperature), { temperature, topP }, stream("one"));
    expect(logprob).toBeCloseTo(Math.log(softmax(logits, 1)[id]!), 6);
  }
});

test("a draw at the very end of the range never gives an impossible token", () => {
  const certain = Float32Array.of(0, Number.NEGATIVE_INFINITY, 0, Number.NEGATIVE_INFINITY);
  for (const topP of [1, 0.9])
    expect([0, 2]).toContain(
      sampleToken(predict(certain, 1), { temperature: 1, topP }, () => 1 - 2 ** -53).id,
    );
});
