import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Graph } from "../../src/engine/graph/graph.js";
import { compile } from "../../src/engine/graph/program.js";
import { createGenerator, loadCheckpoint, readSafetensors } from "../../src/engine/index.js";
import { llamaHidden, llamaLogits } from "../../src/engine/llama/forward.js";
import { frozenParameters } from "../../src/engine/llama/parameters.js";
import { randomPrompt, tinyModel } from "./tiny-model.js";

// Values from transformers: test/reference/make_engine_fixtures.py.
const fixture = (name: string) => fileURLToPath(new URL(`../engine/fixtures/${name}`, import.meta.url));

function logProb(logits: Float32Array, id: number): number {
  const max = Math.max(...logits);
  return logits[id]! - max - Math.log(logits.reduce((sum, value) => sum + Math.exp(value - max), 0));
}

describe.each(["llama", "llama3", "qwen2", "qwen3"])("%s", (family) => {
  test("scores agree with transformers, read at once or drawn token by token", async () => {
    const checkpoint = await loadCheckpoint(fixture(family));
    const { ids } = JSON.parse(readFileSync(fixture(`${family}/logits.json`), "utf8")) as { ids: number[][] };
    const { weights } = await readSafetensors(fixture(`${family}/logits.safetensors`));
    const { vocabSize } = checkpoint.config;
    const reference = weights.get("logits")!.data;
    const expected = ids.map((row, i) =>
      row.slice(1).map((id, t) => {
        const start = (i * row.length + t) * vocabSize;
        return logProb(reference.subarray(start, start + vocabSize), id);
      }),
    );
    const generator = await createGenerator(checkpoint, { threads: 1 });
    const scored = await generator.score(
      ids.map((row) => ({ prompt: row.slice(0, 1), completion: row.slice(1) })),
    );
    for (const [i, row] of expected.entries())
      for (const [t, value] of row.entries()) expect(scored[i]!.logprobs[t]).toBeCloseTo(value, 4);
    await generator.release();
  });
});

test("drawing with a cache gives what a plain forward pass over the whole text gives", async () => {
  // Longer than two blocks and than one growth of the cache, with different lengths in the batch.
  const model = tinyModel({ tieWordEmbeddings: false, outputBias: true, qkvBias: true });
  const generator = await createGenerator(model, { threads: 1 });
  const prompts = [3, 16, 37, 1].map((length) => randomPrompt(length, 61, `prompt ${length}`));
  const results = await generator.generate(
    prompts.map((ids) => ({ ids, maxTokens: 40, temperature: 0, topP: 1, stop: [], seed: 1 })),
  );
  await generator.release();
  for (const [row, prompt] of prompts.entries()) {
    const text = [...prompt, ...results[row]!.ids];
    const graph = new Graph();
    const { parameters, feeds } = frozenParameters(graph, model.weights);
    const input = graph.input("ids", [text.length], "int64");
    const grid = { batch: 1, time: text.length };
    const hidden = llamaHidden(graph, model.config, parameters, input, grid);
    const logits = llamaLogits(graph, model.config, parameters, hidden);
    const program = await compile(graph, [logits]);
    const output = await program.run({ ...feeds, ids: BigInt64Array.from(text, BigInt) });
    const data = output[logits.name]!.data as Float32Array;
    for (const [i, id] of results[row]!.ids.entries()) {
      const at = prompt.length + i - 1;
      const values = data.subarray(at * 61, (at + 1) * 61);
      expect(values[id]).toBeCloseTo(Math.max(...values), 3);
      expect(results[row]!.logprobs[i]).toBeCloseTo(logProb(values, id), 3);
    }
    await program.release();
  }
});
