import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createGenerator, type Generator, loadAdapter, loadCheckpoint } from "../../src/engine/index.js";
import { UserError } from "../../src/errors.js";
import { fixture } from "./reference.js";

// Adapters that PEFT wrote and what it makes of them: test/reference/make_adapter_fixtures.py.

const folder = fixture("adapters");
const { sequences, base, variants, grown } = JSON.parse(
  readFileSync(join(folder, "expected.json"), "utf8"),
) as { sequences: number[][]; base: number[][]; variants: Record<string, number[][]>; grown: number[][] };
const llama = await loadCheckpoint(fixture("llama"));

/** What is read as PEFT means it; every other variant is refused, by the name of what it has that plain LoRA has not. */
const PLAIN = [
  "plain",
  "plain-bf16",
  "plain-f16",
  "gaussian",
  "orthogonal",
  "all-linear",
  "dropout",
  "with-block",
];
const REFUSED: Record<string, RegExp> = {
  pattern: /target_modules/,
  rslora: /use_rslora: true/,
  dora: /use_dora: true/,
  "lora-bias": /lora_bias: true/,
  pissa: /init_lora_weights: "pissa"/,
  olora: /init_lora_weights: "olora"/,
  "token-indices": /trainable_token_indices/,
  embeddings: /target_modules\[\d\]: "embed_tokens"/,
  "modules-to-save": /modules_to_save/,
  "rank-pattern": /rank_pattern/,
  "alpha-pattern": /alpha_pattern/,
  "some-layers": /layers_to_transform/,
  excluded: /exclude_modules/,
  replicated: /layer_replication/,
  resized: /(?:embed_tokens|lm_head)\.weight is no part of plain LoRA/,
};

async function expectScores(generator: Generator, expected: number[][]): Promise<void> {
  const scores = await generator.score(
    sequences.map((ids) => ({ prompt: ids.slice(0, 1), completion: ids.slice(1) })),
  );
  for (const [row, { logprobs }] of scores.entries())
    for (const [at, value] of logprobs.entries()) expect(value).toBeCloseTo(expected[row]![at]!, 4);
  await generator.release();
}

test("every variant is here, and each makes a difference", () => {
  expect(Object.keys(variants).sort()).toStrictEqual([...PLAIN, ...Object.keys(REFUSED)].sort());
  for (const [name, scores] of Object.entries(variants))
    expect(
      Math.max(
        ...scores.flatMap((row, at) => row.map((value, token) => Math.abs(value - base[at]![token]!))),
      ),
      name,
    ).toBeGreaterThan(1e-3);
});

describe("an adapter as PEFT wrote it", () => {
  test.each(PLAIN)("%s: the same probabilities", async (name) => {
    const adapter = await loadAdapter(join(folder, name));
    await expectScores(await createGenerator(llama, { adapter }), variants[name]!);
  });

  test.each(Object.entries(REFUSED))("%s: refused by name", async (name, message) => {
    const opened = loadAdapter(join(folder, name));
    await expect(opened).rejects.toThrow(UserError);
    await expect(opened).rejects.toThrow(message);
  });
});

test("a checkpoint whose vocabulary has grown: the same probabilities", async () => {
  await expectScores(await createGenerator(await loadCheckpoint(join(folder, "grown-checkpoint"))), grown);
});
