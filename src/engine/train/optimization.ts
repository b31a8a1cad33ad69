import type { FeedData } from "../graph/program.js";
import { AdamW, type AdamWOptions, clipFactor, gradientNorm, type OptimizerState } from "./adamw.js";
import type { Batch } from "./batch.js";
import type { LossHead } from "./loss.js";
import { batchFeeds, type CompiledStep, compileStep, type Model, trainedWeights } from "./model.js";
import { ProgramCache } from "./programs.js";

/** What a step did: the loss before the update, and the global gradient norm before clipping. */
export type StepResult = { loss: number; gradNorm: number };

export type OptimizationOptions = AdamWOptions & {
  /** Global-norm clipping; Infinity (the default) never clips. */
  maxGradNorm?: number;
  /** Threads inside an operation; results do not depend on it. */
  threads?: number;
};

/** A model in training: compiled steps by shape, and the optimiser that applies their gradients. */
export class Optimization {
  readonly #model: Model;
  readonly #head: LossHead;
  readonly #optimizer: AdamW;
  readonly #maxGradNorm: number;
  readonly #threads: number;
  readonly #programs = new ProgramCache<CompiledStep>();

  constructor(
    model: Model,
    head: LossHead,
    { maxGradNorm = Infinity, threads = 1, ...adamw }: OptimizationOptions,
  ) {
    this.#model = model;
    this.#head = head;
    this.#optimizer = new AdamW(trainedWeights(model), adamw);
    this.#maxGradNorm = maxGradNorm;
    this.#threads = threads;
  }

  /** The loss and the gradient of every trained array, by name; nothing is updated. */
  async differentiate(
    batch: Batch,
    lossFeeds: Record<string, FeedData>,
    groups = 1,
  ): Promise<{ loss: number; gradients: Map<string, Float32Array> }> {
    const key = `${batch.batch}x${batch.time}x${batch.positions}x${groups}`;
    const step = await this.#programs.get(key, () =>
      compileStep(this.#model, { ...batch, groups }, this.#head, this.#threads),
    );
    const feeds = { ...step.feeds, ...batchFeeds(batch, trainedWeights(this.#model)), ...lossFeeds };
    const result = await step.program.run(feeds);
    const gradients = new Map<string, Float32Array>();
    for (const [name, output] of step.gradients) gradients.set(name, result[output]!.data as Float32Array);
    return { loss: (result[step.loss]!.data as Float32Array)[0]!, gradients };
  }

  /** One optimiser step. Throws, updating nothing, if the loss or a gradient is not finite. */
  async step(
    batch: Batch,
    lossFeeds: Record<string, FeedData>,
    learningRate: number,
    groups = 1,
  ): Promise<StepResult> {
    const { loss, gradients } = await this.differentiate(batch, lossFeeds, groups);
    const gradNorm = gradientNorm(gradients);
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
      throw new Error(
        `training diverged: loss ${loss}, gradient norm ${gradNorm}; try a lower learning rate`,
      );
    this.#optimizer.update(gradients, learningRate, clipFactor(gradNorm, this.#maxGradNorm));
    return { loss, gradNorm };
  }

  state(): OptimizerState {
    return this.#optimizer.state();
  }

  restore(state: OptimizerState): void {
    this.#optimizer.restore(state);
  }

  async release(): Promise<void> {
    await this.#programs.release();
  }
}
