import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import {
  createGenerator,
  initAdapter,
  loadAdapter,
  loadCheckpoint,
  openGenerator,
  parameterCount,
  saveAdapter,
  saveCheckpoint,
} from "../../src/engine/index.js";
import { stream } from "../../src/random.js";
import { randomPrompt, tinyModel } from "./tiny-model.js";

// Just above the size from which weights stay in their files.
const model = tinyModel({
  vocabSize: 4096,
  hiddenSize: 512,
  intermediateSize: 2048,
  layers: 4,
  heads: 8,
  kvHeads: 2,
  headDim: 64,
});
for (const [name, { data }] of model.weights) if (!name.includes("norm")) data.set(data.map((x) => x / 8));

const requests = [100, 7].map((length, seed) => ({
  ids: randomPrompt(length, 4096, "prompt"),
  maxTokens: 4,
  temperature: 1,
  topP: 1,
  stop: [],
  seed,
}));

let dir: string;
beforeAll(async () => {
  expect(4 * parameterCount(model.config)).toBeGreaterThan(64 * 2 ** 20);
  dir = mkdtempSync(join(tmpdir(), "candor-open-"));
  await saveCheckpoint(dir, model);
  const adapter = initAdapter(
    model.config,
    { r: 2, lora_alpha: 4, target_modules: ["v_proj", "up_proj"] },
    stream("a"),
  );
  for (const { data } of adapter.weights.values()) data.set(data.map((_, i) => ((i * 7) % 5) / 50));
  await saveAdapter(join(dir, "adapter"), adapter);
});
afterAll(() => rmSync(dir, { recursive: true }));

let temporary: string;
beforeEach(() => {
  // Of this test alone: other processes keep weights beside them for a while as well.
  temporary = mkdtempSync(join(dir, "temporary-"));
  vi.stubEnv("TMPDIR", temporary);
});

test.each(["", "adapter"])(
  "a model whose weights stay in files says what it says from memory (%s)",
  async (name) => {
    const folder = name === "" ? null : join(dir, name);
    const opened = await openGenerator(dir, { adapter: folder, threads: 1 });
    expect(readdirSync(temporary).filter((name) => name.startsWith("candor-weights-"))).toStrictEqual([]);
    const adapter = folder === null ? undefined : await loadAdapter(folder);
    const loaded = await createGenerator(await loadCheckpoint(dir), { adapter, threads: 1 });
    expect(await opened.generate(requests)).toStrictEqual(await loaded.generate(requests));
    await Promise.all([opened.release(), loaded.release()]);
  },
);
