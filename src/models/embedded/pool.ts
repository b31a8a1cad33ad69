import { type Generator, loadTokenizer, openGenerator, type Tokenizer } from "../../engine/index.js";
import { EmbeddedChatModel } from "./model.js";

export type EmbeddedSource = { checkpoint: string; adapter: string | null; threads?: number };

type Loaded = { generator: Generator; tokenizer: Tokenizer };
type Entry = { loaded: Promise<Loaded>; users: number };

/** Loaded models by what they were loaded from: equal sources share weights, cache and batches. */
const pool = new Map<string, Entry>();

/** Models that were dropped without `release` give their share back when they are collected. */
const dropped = new FinalizationRegistry<() => void>((giveBack) => giveBack());

/** Opens a checkpoint, with an adapter folded in if given, as a chat model. `release` it when done. */
export async function openEmbedded(source: EmbeddedSource): Promise<EmbeddedChatModel> {
  const key = JSON.stringify([source.checkpoint, source.adapter, source.threads]);
  const entry = pool.get(key) ?? { loaded: load(source), users: 0 };
  pool.set(key, entry);
  entry.users += 1;
  const giveBack = once(async () => {
    entry.users -= 1;
    if (entry.users > 0) return;
    if (pool.get(key) === entry) pool.delete(key);
    await entry.loaded.then(({ generator }) => generator.release());
  });
  try {
    const { generator, tokenizer } = await entry.loaded;
    const model = new EmbeddedChatModel({
      generator,
      tokenizer,
      name: source.adapter ?? source.checkpoint,
      release: giveBack,
    });
    dropped.register(model, () => void giveBack());
    return model;
  } catch (error) {
    // A broken source must be read again once it has been mended.
    pool.delete(key);
    throw error;
  }
}

async function load({ checkpoint, ...options }: EmbeddedSource): Promise<Loaded> {
  const tokenizer = await loadTokenizer(checkpoint);
  return { tokenizer, generator: await openGenerator(checkpoint, options) };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= action();
    return result;
  };
}
