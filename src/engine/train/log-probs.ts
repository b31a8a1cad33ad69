import type { Adapter } from "../files/adapter.js";
import type { LlamaConfig } from "../files/config.js";
import type { Weights } from "../files/weights.js";
import { layOut, type MicroBatch } from "./batch.js";
import { type CompiledForward, compileForward, frozenModel, type Steering, trainedFeeds } from "./model.js";
import { batchFeeds } from "./places.js";
import { ProgramCache } from "./programs.js";

/** A tokenised sequence whose tokens from `completionStart` (at least 1) on are the completion. */
export type Sequence = { ids: ArrayLike<number>; completionStart: number };

// Rows of like length that share their program's shape; results do not depend on it.
const ROWS = 64;

/** Scores completions by teacher forcing, with programs kept between calls. */
export class Scorer {
  readonly #config: LlamaConfig;
  readonly #weights: Weights;
  readonly #threads: number;
  readonly #steer: Steering | undefined;
  readonly #programs = new ProgramCache<CompiledForward>();

  constructor({
    config,
    weights,
    threads = 1,
    steer,
  }: {
    config: LlamaConfig;
    weights: Weights;
    threads?: number;
    steer?: Steering;
  }) {
    this.#steer = steer;
    this.#config = config;
    this.#weights = weights;
    this.#threads = threads;
  }

  /** log p(completion | prompt) of each sequence, summed over its tokens in float64. */
  async score(sequences: readonly Sequence[], adapter: Adapter | null): Promise<Float64Array> {
    const totals = new Float64Array(sequences.length);
    // Rows of like length share a program.
    const order = [...sequences.keys()].sort((a, b) => sequences[a]!.ids.length - sequences[b]!.ids.length);
    for (let start = 0; start < order.length; start += ROWS) {
      const chunk = order.slice(start, start + ROWS);
      const batches = layOut(chunk.map((index) => completionTargets(sequences[index]!)));
      for (const [part, logProbs] of (await this.#run(batches, adapter)).entries()) {
        const { rowOf, weights, firstRow } = batches[part]!;
        for (const [position, row] of rowOf.entries())
          if (weights[position] !== 0) totals[chunk[firstRow + row]!]! += logProbs[position]!;
      }
    }
    return totals;
  }

  /** The log-probabilities of each micro-batch's targets; all have one shape. */
  async #run(batches: readonly MicroBatch[], adapter: Adapter | null): Promise<Float32Array[]> {
    const model = {
      ...frozenModel({ config: this.#config, weights: this.#weights }, adapter),
      steer: this.#steer,
    };
    const { shape } = batches[0]!;
    const layers = adapter ? [...adapter.weights.keys(), adapter.config.lora_alpha].join() : "";
    const compiled = await this.#programs.get(`${Object.values(shape)}/${layers}`, () =>
      compileForward(model, shape, this.#threads),
    );
    const { program, feeds, logProbs } = compiled;
    const trained = trainedFeeds(adapter?.weights ?? new Map());
    const scores: Float32Array[] = [];
    for (const batch of batches) {
      const result = await program.run({ ...feeds, ...trained, ...batchFeeds(batch) });
      scores.push(result[logProbs]!.data as Float32Array);
    }
    return scores;
  }

  async release(): Promise<void> {
    await this.#programs.release();
  }
}

/** Every completion token is a target of weight 1. Throws if the sequence has none, or no token before them. */
export function completionTargets({ ids, completionStart }: Sequence): {
  ids: ArrayLike<number>;
  weights: Float32Array;
} {
  if (completionStart < 1 || completionStart >= ids.length)
    throw new Error(`a row of ${ids.length} tokens cannot have its completion start at ${completionStart}`);
  const weights = new Float32Array(ids.length).fill(1, completionStart);
  return { ids, weights };
}

/** log p(completion | prompt) of each sequence under a checkpoint, with or without an adapter. */
export async function sequenceLogProbs(
  checkpoint: { config: LlamaConfig; weights: Weights },
  sequences: readonly Sequence[],
  { adapter = null, threads = 1 }: { adapter?: Adapter | null; threads?: number } = {},
): Promise<Float64Array> {
  const scorer = new Scorer({ ...checkpoint, threads });
  try {
    return await scorer.score(sequences, adapter);
  } finally {
    await scorer.release();
  }
}
