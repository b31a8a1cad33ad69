import { cpSync, mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { initAdapter, saveAdapter, saveCheckpoint } from "../../src/engine/index.js";
import { stream } from "../../src/random.js";
import { tinyModel } from "../engine-generate/tiny-model.js";

const tokenizer = fileURLToPath(new URL("../engine-generate/fixtures/word-piece", import.meta.url));

/** Writes a random model with a small word-piece tokenizer to a new folder. The caller removes it. */
export async function tinyCheckpoint(seed = "tiny"): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), "candor-chat-"));
  cpSync(tokenizer, dir, { recursive: true });
  const { model } = JSON.parse(readFileSync(join(dir, "tokenizer.json"), "utf8")) as {
    model: { vocab: Record<string, number> };
  };
  const vocabSize = Object.keys(model.vocab).length;
  await saveCheckpoint(dir, tinyModel({ vocabSize, eosTokenIds: [4] }, seed));
  return dir;
}

/** Writes an adapter of `tinyCheckpoint` that changes what it says, into `dir`. */
export async function tinyAdapter(dir: string, base: string): Promise<void> {
  const random = stream("adapter");
  const adapter = initAdapter(
    tinyModel().config,
    { r: 4, lora_alpha: 8, target_modules: ["q_proj", "down_proj"] },
    random,
  );
  for (const { data } of adapter.weights.values()) data.set(data.map(() => random() - 0.5));
  await saveAdapter(dir, adapter, base);
}
