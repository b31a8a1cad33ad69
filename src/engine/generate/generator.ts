import { type Adapter, mergeAdapter } from "../files/adapter.js";
import type { Checkpoint } from "../files/checkpoint.js";
import { DecodeLoop } from "./decode-loop.js";
import { Decoder } from "./decoder.js";
import type { GenerateRequest, GenerateResult, GeneratorStatistics, ScoreRequest } from "./types.js";

export type GeneratorOptions = {
  adapter?: Adapter;
  /** Threads inside one operation. Results do not depend on it. Default 2. */
  threads?: number;
  /** Most rows decoded together; fewer if their cache would grow too big. Default 128. */
  maxBatch?: number;
};

/** Samples from one model. Concurrent calls share batches; no result depends on what else runs. */
export type Generator = {
  generate: (requests: readonly GenerateRequest[]) => Promise<GenerateResult[]>;
  /** Natural-log probabilities of each completion token after its prompt. */
  score: (requests: readonly ScoreRequest[]) => Promise<number[][]>;
  /** What has run so far. */
  statistics: () => GeneratorStatistics;
  /** Frees the model once what was asked has been answered; later calls fail. */
  release: () => Promise<void>;
};

const DEFAULT_THREADS = 2;
const DEFAULT_BATCH = 128;
const LEAST_CACHE_BYTES = 128 * 2 ** 20;
// Of a big model's weights; the limit on memory is 1.3 times the weights.
const CACHE_SHARE = 0.1;

/** Prepares a checkpoint, with an adapter folded in if given, for sampling. */
export async function createGenerator(
  checkpoint: Pick<Checkpoint, "config" | "weights">,
  { adapter, threads = DEFAULT_THREADS, maxBatch = DEFAULT_BATCH }: GeneratorOptions = {},
): Promise<Generator> {
  const weights = adapter ? mergeAdapter(checkpoint, adapter) : checkpoint.weights;
  let bytes = 0;
  for (const { data } of weights.values()) bytes += data.byteLength;
  const decoder = await Decoder.create(checkpoint.config, weights, threads);
  const loop = new DecodeLoop(decoder, maxBatch, Math.max(LEAST_CACHE_BYTES, CACHE_SHARE * bytes));
  return {
    generate: async (requests) => await Promise.all(requests.map((request) => loop.generate(request))),
    score: async (requests) => await Promise.all(requests.map((request) => loop.score(request))),
    statistics: () => ({ ...loop.statistics }),
    release: () => loop.release(),
  };
}
