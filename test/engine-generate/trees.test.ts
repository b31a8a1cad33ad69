import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { TextTree } from "../../src/engine/generate/text-tree.js";
import {
  createGenerator,
  loadCheckpoint,
  readSafetensors,
  type ScoreRequest,
} from "../../src/engine/index.js";
import { randomPrompt, tinyModel } from "./tiny-model.js";

const models = {
  grouped: tinyModel(),
  "one query head a key head": tinyModel({ kvHeads: 4 }),
  "head norms and biases": tinyModel({ family: "qwen3", qkNorm: true, qkvBias: true, heads: 8, headDim: 6 }),
};

/** Questions that begin alike in threes, each with answers of which some begin alike, one is another's beginning, one stands twice. */
const questions: ScoreRequest[] = Array.from({ length: 9 }, (_, index) => {
  const family = `family ${index % 3}`;
  const prompt = [...randomPrompt(30, 61, family), ...randomPrompt(1 + index, 61, `end ${index}`)];
  const answers = [[5], [5, 9], [5, 9, 7], [8], [8], randomPrompt(6, 61, `answer ${index}`)];
  return answers.map((completion, at) => ({ prompt, completion, alternatives: at % 3 }));
}).flat();

describe.each(Object.entries(models))("%s", (_name, model) => {
  test("texts read as a tree have the scores of texts read one by one", async () => {
    const [trees, texts] = [await createGenerator(model, { trees: true }), await createGenerator(model)];
    const [read, expected] = [await trees.score(questions), await texts.score(questions)];
    for (const [index, { logprobs, alternatives }] of expected.entries()) {
      for (const [at, one] of logprobs.entries()) expect(read[index]!.logprobs[at]).toBeCloseTo(one, 5);
      expect(read[index]!.alternatives.map((likeliest) => likeliest.map(({ id }) => id))).toEqual(
        alternatives.map((likeliest) => likeliest.map(({ id }) => id)),
      );
    }
    await Promise.all([trees.release(), texts.release()]);
  });

  test("no bit of a score depends on what else stands in the tree", async () => {
    const generator = await createGenerator(model, { trees: true, threads: 1 });
    const alone = [];
    for (const question of questions) alone.push(...(await generator.score([question])));
    const together = await createGenerator(model, { trees: true, threads: 2 });
    expect(await together.score(questions)).toStrictEqual(alone);
    expect((await together.score([...questions].reverse())).reverse()).toStrictEqual(alone);
    await Promise.all([generator.release(), together.release()]);
  });
});

test("equal beginnings are read once where that is worth more than attention over what is not theirs", async () => {
  const read = async (hiddenSize: number): Promise<number> => {
    const generator = await createGenerator(tinyModel({ hiddenSize }), { trees: true });
    await generator.score(questions);
    await generator.release();
    return generator.statistics().readTokens;
  };
  const treeOf = (some: readonly ScoreRequest[]): TextTree => {
    const tree = new TextTree();
    for (const { prompt, completion } of some) tree.add([...prompt, ...completion.slice(0, -1)]);
    return tree;
  };
  expect(await read(512)).toBe(treeOf(questions).size);
  // The smallest model reads each prompt by itself, and still only once for all of its answers.
  const prompts = [...new Set(questions.map(({ prompt }) => prompt))];
  const each = prompts.map((prompt) => treeOf(questions.filter((one) => one.prompt === prompt)).size);
  expect(await read(8)).toBe(each.reduce((sum, size) => sum + size, 0));
});

test("trees of more than one run, and texts too long for any, are told alike", async () => {
  const model = tinyModel({ maxPositionEmbeddings: 2048 });
  const [trees, texts] = [await createGenerator(model, { trees: true }), await createGenerator(model)];
  const requests = [3, 250, 400, 511, 512, 700, 1300].flatMap((length) =>
    [1, 40].map((more) => ({
      prompt: randomPrompt(length, 61, `long ${length}`),
      completion: randomPrompt(more, 61, `more ${more}`),
    })),
  );
  const [read, expected] = [await trees.score(requests), await texts.score(requests)];
  for (const [index, { logprobs }] of expected.entries())
    for (const [at, one] of logprobs.entries()) expect(read[index]!.logprobs[at]).toBeCloseTo(one, 4);
  await Promise.all([trees.release(), texts.release()]);
});

test.each(["llama", "llama3", "qwen2", "qwen3"])("%s: trees agree with transformers", async (family) => {
  // Values from transformers: test/reference/make_engine_fixtures.py.
  const fixture = (name: string) => fileURLToPath(new URL(`../engine/fixtures/${name}`, import.meta.url));
  const checkpoint = await loadCheckpoint(fixture(family));
  const { ids } = JSON.parse(readFileSync(fixture(`${family}/logits.json`), "utf8")) as { ids: number[][] };
  const logits = (await readSafetensors(fixture(`${family}/logits.safetensors`))).weights.get("logits")!.data;
  const { vocabSize } = checkpoint.config;
  const generator = await createGenerator(checkpoint, { trees: true });
  const scored = await generator.score(
    ids.map((row) => ({ prompt: row.slice(0, 1), completion: row.slice(1) })),
  );
  for (const [i, row] of ids.entries())
    for (let t = 0; t + 1 < row.length; t += 1) {
      const start = (i * row.length + t) * vocabSize;
      const values = logits.subarray(start, start + vocabSize);
      const sum = values.reduce((total, value) => total + Math.exp(value), 0);
      expect(scored[i]!.logprobs[t]).toBeCloseTo(values[row[t + 1]!]! - Math.log(sum), 4);
    }
  await generator.release();
});
