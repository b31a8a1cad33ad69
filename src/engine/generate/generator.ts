import { availableParallelism } from "node:os";
import { type Adapter, loadAdapter, mergeAdapter } from "../files/adapter.js";
import { checkAdapter } from "../files/adapter-shapes.js";
import { type Checkpoint, loadCheckpoint, locateCheckpoint } from "../files/checkpoint.js";
import type { LlamaConfig } from "../files/config.js";
import { parameterCount } from "../files/weight-shapes.js";
import { DecodeLoop } from "./decode-loop.js";
import { Decoder } from "./decoder.js";
import { HiddenReader, type LendWeights } from "./hidden-reader.js";
import { withPlainWeights } from "./plain-weights.js";
import type { WeightSource } from "./step-graph.js";
import type { Generator } from "./types.js";
import { withProcesses } from "./with-processes.js";

export type GeneratorOptions = {
  /** Threads inside one operation; results do not depend on it. Default: 1 for small models, which gain nothing by more, else all. */
  threads?: number;
  /** Most rows decoded together; fewer if their cache would grow too big. Default 128. */
  maxBatch?: number;
  /**
   * Whether short texts that are scored are read as trees, equal beginnings once. Default: by all models but small ones, for which it
   * saves nothing.
   */
  trees?: boolean;
  /**
   * Whether many texts that are scored at once are read by processes with a copy of the model each; only of a checkpoint on disk. Default:
   * of models that are not small, where it is much work and there is memory for the copies.
   */
  inProcesses?: boolean;
};

const DEFAULT_BATCH = 128;

// Below this the weights may be held several times over for speed, and caches may be larger than them.
const SMALL_BYTES = 64 * 2 ** 20;
const SMALL_CACHE_BYTES = 192 * 2 ** 20;
// Of a big model's weights: all in all it may take 1.3 times their size.
const CACHE_SHARE = 0.1;

/** Whether a model is so small that several processes may each hold it; one thread is then the fastest. */
export async function isSmallCheckpoint(dir: string): Promise<boolean> {
  return isSmall((await locateCheckpoint(dir)).config);
}

const isSmall = (config: LlamaConfig): boolean => 4 * parameterCount(config) <= SMALL_BYTES;

/** Prepares a checkpoint, with an adapter folded in if given, for sampling. */
export async function createGenerator(
  { config, weights }: Pick<Checkpoint, "config" | "weights">,
  { adapter, ...options }: GeneratorOptions & { adapter?: Adapter } = {},
): Promise<Generator> {
  if (adapter) checkAdapter(config, adapter);
  const merged = adapter ? mergeAdapter({ weights }, adapter) : weights;
  return await fromSource(config, merged, options, { lend: (use) => use(merged) });
}

/**
 * Prepares a checkpoint on disk, with an adapter on disk folded in if given. A big one never passes through memory as a
 * whole: ONNX Runtime takes each weight from the files it lies in, or from a temporary copy where the weights are not
 * plain float32.
 */
export async function openGenerator(
  dir: string,
  {
    adapter: adapterDir = null,
    inProcesses,
    ...options
  }: GeneratorOptions & { adapter?: string | null } = {},
): Promise<Generator> {
  const { config } = await locateCheckpoint(dir);
  const { threads = isSmall(config) ? 1 : availableParallelism(), trees = !isSmall(config) } = options;
  const generator = await openAlone(dir, adapterDir, { ...options, threads, trees });
  if (!(inProcesses ?? !isSmall(config))) return generator;
  const parameters = parameterCount(config);
  return withProcesses(generator, {
    dir,
    adapter: adapterDir,
    trees,
    threads,
    parameters,
    always: inProcesses === true,
  });
}

async function openAlone(
  dir: string,
  adapterDir: string | null,
  options: GeneratorOptions,
): Promise<Generator> {
  const adapter = adapterDir ? await loadAdapter(adapterDir) : undefined;
  const located = await locateCheckpoint(dir);
  if (isSmall(located.config))
    return await createGenerator(await loadCheckpoint(dir), { adapter, ...options });
  if (adapter) checkAdapter(located.config, adapter);
  // Read again where hidden states are asked for: until then nobody pays for them.
  const lend: LendWeights = (use) => withPlainWeights(located, adapter, use);
  return await lend(
    async (weights, folder) => await fromSource(located.config, weights, options, { lend, folder }),
  );
}

async function fromSource(
  config: LlamaConfig,
  weights: WeightSource,
  { threads, maxBatch = DEFAULT_BATCH, trees }: GeneratorOptions,
  { lend, folder }: { lend: LendWeights; folder?: string },
): Promise<Generator> {
  const bytes = 4 * parameterCount(config);
  const small = isSmall(config);
  const used = threads ?? (small ? 1 : availableParallelism());
  const decoder = await Decoder.create(config, weights, { threads: used, folder, special: small });
  const reader = new HiddenReader(config, lend, used);
  const loop = new DecodeLoop(decoder, {
    maxBatch,
    bytes: small ? SMALL_CACHE_BYTES : CACHE_SHARE * bytes,
    trees: trees ?? !small,
  });
  return {
    generate: async (requests) => await Promise.all(requests.map((request) => loop.generate(request))),
    score: async (requests) => await Promise.all(requests.map((request) => loop.score(request))),
    hidden: (requests) => reader.read(requests),
    layers: config.layers,
    context: config.maxPositionEmbeddings,
    statistics: () => ({ ...loop.statistics }),
    release: async () => {
      await loop.release();
      await reader.release();
    },
  };
}
