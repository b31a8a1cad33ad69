import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  loadCheckpoint,
  parameterCount,
  parseLlamaConfig,
  saveCheckpoint,
  weightShapes,
} from "../src/engine/index.js";
import { resultOf, startPart } from "./parts/start.js";

type Measured = {
  before: number;
  peak: number;
  anonymous: number;
  mapped: number;
  seconds: number;
  rows?: number;
};

/** Tokens of a text in `generate`, prompt and new ones. */
const TEXT = 256 + 32;

/**
 * Resident memory of generation and of LoRA training beside the size of the weights in float32, each in a process of its own: its
 * highest size (with pages of mapped files, which the system takes back when it needs them), its own memory, and that less what
 * the process had before it opened the model. Generation is given one prompt and eight; how many of them it draws from together is
 * in the table, with what their keys and values take of the memory. The model has SmolLM2-135M's shape and random weights, or is the checkpoint
 * that CANDOR_BENCH_MODEL names.
 */
export default async function bench() {
  const own = process.env.CANDOR_BENCH_MODEL;
  const folder = own ?? (await mkdtemp(join(tmpdir(), "candor-bench-")));
  try {
    if (!own) await writeRandom(folder);
    const { config } = await loadCheckpoint(folder);
    const weights = (4 * parameterCount(config)) / 1e6;
    const rows = [];
    for (const [what, argument] of [
      ["generate, 1 prompt", "1"],
      ["generate, 8 prompts", "8"],
      ["train", "train"],
    ] as const) {
      const measured = await resultOf<Measured>(startPart("memory.ts", [argument, folder]));
      const { before, peak, anonymous, mapped, rows: together = 0, ...rest } = measured;
      const { layers, kvHeads, headDim } = config;
      const keysAndValues = (together * TEXT * 2 * layers * kvHeads * headDim * 4) / 1e6;
      const share = (size: number) => `${(size / weights).toFixed(2)} x`;
      rows.push({
        what,
        "weights, MB": Math.round(weights),
        "highest resident": share(peak),
        "own memory": share(anonymous),
        "own, less the empty process": share(anonymous - before),
        "empty process, MB": Math.round(before),
        "mapped files": share(mapped),
        ...(together > 0 && { "drawn together": together, "their keys and values": share(keysAndValues) }),
        ...rest,
      });
    }
    return { name: "memory in multiples of the weights", rows };
  } finally {
    if (!own) await rm(folder, { recursive: true, force: true });
  }
}

/** SmolLM2-135M's shape. What the weights are makes no difference to memory. */
async function writeRandom(folder: string): Promise<void> {
  const config = parseLlamaConfig(
    JSON.stringify({
      model_type: "llama",
      vocab_size: 49_152,
      hidden_size: 576,
      intermediate_size: 1_536,
      num_hidden_layers: 30,
      num_attention_heads: 9,
      num_key_value_heads: 3,
      max_position_embeddings: 8_192,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: true,
    }),
    "bench",
  );
  let state = 1;
  const weights = new Map(
    [...weightShapes(config)].map(([name, shape]) => {
      const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
      for (let i = 0; i < data.length; i += 1) {
        // A linear congruential generator (Numerical Recipes): a hundred million numbers in a second.
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
        data[i] = name.endsWith("norm.weight") ? 1 : state / 2 ** 36;
      }
      return [name, { shape, data }] as const;
    }),
  );
  await saveCheckpoint(folder, { config, weights });
}
