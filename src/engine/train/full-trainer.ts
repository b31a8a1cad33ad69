import type { LlamaConfig } from "../files/config.js";
import { cloneWeights, type Weights } from "../files/weights.js";
import type { OptimizerState } from "./adamw.js";
import { layOut } from "./batch.js";
import { negativeLogLikelihood } from "./loss.js";
import { meanLoss } from "./mean-loss.js";
import { Optimization, type OptimizationOptions, type StepResult } from "./optimization.js";

/** Tokens in sequence. `weights[t]` weighs token t as a target (default 1 for all); token 0 is never a target. */
export type PackedRow = { ids: ArrayLike<number>; weights?: ArrayLike<number> };

/** Trains every weight of a model on packed sequences. */
export type FullTrainer = {
  /** One AdamW step on the weighted mean of the rows' token losses. */
  step(rows: readonly PackedRow[], learningRate: number): Promise<StepResult>;
  /** The current weights; the trainer goes on writing to them. */
  weights(): Weights;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  release(): Promise<void>;
};

/**
 * A trainer of all weights, for pretraining. It works on a copy of the given weights. Rows of n tokens compute n - 1
 * places, rounded up to a multiple of 32: rows of 161 tokens waste nothing.
 */
export function createFullTrainer({
  config,
  weights,
  ...options
}: { config: LlamaConfig; weights: Weights } & OptimizationOptions): FullTrainer {
  const own = cloneWeights(weights);
  const optimization = new Optimization(
    { config, weights: own, frozen: null, large: false },
    negativeLogLikelihood,
    options,
  );
  return {
    step: async (rows, learningRate) =>
      optimization.step(meanLoss(layOut(rows.map(withWeights))), learningRate),
    weights: () => own,
    state: () => optimization.state(),
    restore: (state) => optimization.restore(state),
    release: () => optimization.release(),
  };
}

function withWeights({ ids, weights }: PackedRow) {
  return { ids, weights: weights ?? new Float32Array(ids.length).fill(1) };
}
