import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { writeWhole } from "../../whole/index.js";
import { readCheckedJson } from "../../yaml/index.js";
import { formatLlamaConfig, type LlamaConfig, parseLlamaConfig } from "./config.js";
import { checkAllFinite } from "./finite.js";
import { readText, readTextIfThere } from "./read-text.js";
import {
  isSameTensor,
  locateSafetensors,
  readSafetensors,
  type TensorPlace,
  writeSafetensors,
} from "./safetensors.js";
import { weightShapes } from "./weight-shapes.js";
import type { Weights } from "./weights.js";

/** A model on disk, loaded. `hash` identifies its configuration and weights (SHA-256, hex). */
export type Checkpoint = { dir: string; config: LlamaConfig; weights: Weights; hash: string };

const CONFIG = "config.json";
const SINGLE = "model.safetensors";
const INDEX = "model.safetensors.index.json";

/**
 * Loads a Llama-family checkpoint in the Hugging Face layout: `config.json` with `model.safetensors`, or shards listed in
 * `model.safetensors.index.json`. Weights become float32. Throws UserError on missing, truncated or misshapen files, and on
 * weights that are not finite.
 */
export async function loadCheckpoint(dir: string): Promise<Checkpoint> {
  const configText = await readText(join(dir, CONFIG));
  const config = parseLlamaConfig(configText, join(dir, CONFIG));
  await locateCheckpoint(dir);
  const hash = createHash("sha256").update(configText);
  const loaded: Weights = new Map();
  for (const file of await weightFiles(dir)) {
    const { weights } = await readSafetensors(join(dir, file), hash);
    for (const [name, weight] of weights) loaded.set(name, weight);
  }
  const weights = selectWeights(config, loaded, dir);
  checkAllFinite(weights, dir);
  return { dir, config, weights, hash: hash.digest("hex") };
}

/**
 * Writes `config.json` and `model.safetensors` (float32, or rounded to half precision), each whole or not at all. Throws
 * UserError on weights that are not finite.
 */
export async function saveCheckpoint(
  dir: string,
  { config, weights }: { config: LlamaConfig; weights: Weights },
  { half = false }: { half?: boolean } = {},
): Promise<void> {
  const selected = selectWeights(config, weights, dir);
  checkAllFinite(selected, dir);
  await writeSafetensors(join(dir, SINGLE), selected, { half });
  await writeWhole(join(dir, CONFIG), formatLlamaConfig(config));
}

/** A checkpoint whose weights stay on disk. */
export type LocatedCheckpoint = { dir: string; config: LlamaConfig; weights: Map<string, TensorPlace> };

/** Finds a checkpoint's weights without reading them. Throws UserError like `loadCheckpoint`. */
export async function locateCheckpoint(dir: string): Promise<LocatedCheckpoint> {
  const config = parseLlamaConfig(await readText(join(dir, CONFIG)), join(dir, CONFIG));
  const located = new Map<string, TensorPlace>();
  for (const file of await weightFiles(dir))
    for (const [name, place] of await locateSafetensors(join(dir, file))) located.set(name, place);
  await checkHead(config, located, dir);
  return { dir, config, weights: selectWeights(config, located, dir) };
}

const [EMBEDDINGS, HEAD] = ["model.embed_tokens.weight", "lm_head.weight"] as const;

/** transformers uses a head of its own where the weights have one, whatever `tie_word_embeddings` says. */
async function checkHead(
  { tieWordEmbeddings }: LlamaConfig,
  located: ReadonlyMap<string, TensorPlace>,
  dir: string,
): Promise<void> {
  const [embeddings, head] = [located.get(EMBEDDINGS), located.get(HEAD)];
  if (!tieWordEmbeddings || !embeddings || !head || (await isSameTensor(embeddings, head))) return;
  throw new UserError(
    `${dir}: ${HEAD} is another than ${EMBEDDINGS}, but ${CONFIG} says tie_word_embeddings: true; say false, or take ${HEAD} out of the weights`,
  );
}

/** Exactly the weights the configuration calls for, shapes checked; extras (old rotary tables, a tied head) are left out. */
function selectWeights<W extends { shape: number[] }>(
  config: LlamaConfig,
  weights: ReadonlyMap<string, W>,
  dir: string,
): Map<string, W> {
  const selected = new Map<string, W>();
  for (const [name, shape] of weightShapes(config)) {
    const weight = weights.get(name);
    if (!weight) throw new UserError(`${dir}: the weights lack ${name}, which ${CONFIG} calls for`);
    if (weight.shape.length !== shape.length || weight.shape.some((dim, axis) => dim !== shape[axis]))
      throw new UserError(`${dir}: ${name} has shape [${weight.shape}], but ${CONFIG} calls for [${shape}]`);
    selected.set(name, weight);
  }
  return selected;
}

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

async function weightFiles(dir: string): Promise<string[]> {
  const path = join(dir, INDEX);
  const text = await readTextIfThere(path);
  if (text === null) return [SINGLE];
  const { weight_map } = readCheckedJson(indexSchema, text, { file: path });
  const files = [...new Set(Object.values(weight_map))].sort();
  // A shard lies beside its index; anything else would read outside the checkpoint's folder.
  const stray = files.find((file) => basename(file) !== file);
  if (stray !== undefined) throw new UserError(`${path} names ${stray}, which is not a file beside it`);
  // transformers takes the single file where there is one, others go by the index.
  if (files.some((file) => file !== SINGLE) && existsSync(join(dir, SINGLE)))
    throw new UserError(
      `${dir} holds ${SINGLE} beside an index of other files; remove what is not the model`,
    );
  return files;
}
