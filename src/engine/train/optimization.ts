import { OutsideFailed } from "../../errors.js";
import type { FeedData } from "../graph/program.js";
import { AdamW, type AdamWOptions, clipFactor, gradientNorm, type OptimizerState } from "./adamw.js";
import type { MicroBatch } from "./batch.js";
import type { LossHead } from "./loss.js";
import { type CompiledStep, compileStep, type Model, trainedFeeds, trainedWeights } from "./model.js";
import { batchFeeds, partName } from "./places.js";
import { ProgramCache } from "./programs.js";

/** What a step did: the loss before the update, and the global gradient norm before clipping. */
export type StepResult = { loss: number; gradNorm: number };

/** A part of a batch's loss: its tokens, what its loss head is fed, and the number of groups there. */
export type LossPart = { batch: MicroBatch; feeds: Record<string, FeedData>; groups: number };

export type LossAndGradients = { loss: number; gradients: Map<string, Float32Array> };

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

  /** The loss and the gradient of every trained array, by name, summed over the parts; nothing is updated. */
  async differentiate(parts: readonly LossPart[]): Promise<LossAndGradients> {
    const { shape } = parts[0]!.batch;
    const { groups } = parts[0]!;
    // A program of all parts passes gradients on once, which counts where they are as large as the model; a program of one
    // compiles faster and serves any number. Not side by side: ONNX Runtime's binding for Node runs on the calling thread.
    const together = this.#model.frozen ? 1 : parts.length;
    const step = await this.#programs.get(`${Object.values(shape)}/${groups}/${together}`, () =>
      compileStep(this.#model, { ...shape, groups }, this.#head, { parts: together, threads: this.#threads }),
    );
    const sum = { loss: 0, gradients: new Map<string, Float32Array>() };
    for (let first = 0; first < parts.length; first += together)
      accumulate(sum, await this.#run(step, parts.slice(first, first + together)));
    return sum;
  }

  async #run(step: CompiledStep, parts: readonly LossPart[]): Promise<LossAndGradients> {
    const feeds = { ...step.feeds, ...trainedFeeds(trainedWeights(this.#model)) };
    for (const [index, part] of parts.entries()) {
      Object.assign(feeds, batchFeeds(part.batch, index, this.#model.score));
      for (const [name, data] of Object.entries(part.feeds)) feeds[name + partName(index)] = data;
    }
    const result = await step.program.run(feeds);
    const loss = step.losses.reduce((sum, name) => sum + (result[name]!.data as Float32Array)[0]!, 0);
    const gradients = new Map<string, Float32Array>();
    for (const [name, output] of step.gradients) gradients.set(name, result[output]!.data as Float32Array);
    return { loss, gradients };
  }

  /** One optimiser step. Throws, updating nothing, if the loss or a gradient is not finite. */
  async step(
    parts: readonly LossPart[],
    learningRate: number,
    /** Other losses of the same weights, which are added. */
    beside: readonly LossAndGradients[] = [],
  ): Promise<StepResult> {
    const { loss, gradients } = withBeside(await this.differentiate(parts), beside);
    const gradNorm = gradientNorm(gradients);
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm))
      throw new OutsideFailed(
        `training diverged: loss ${loss}, gradient norm ${gradNorm}; lower training.learning_rate`,
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

function withBeside(one: LossAndGradients, beside: readonly LossAndGradients[]): LossAndGradients {
  if (beside.length === 0) return one;
  const sum: LossAndGradients = {
    loss: one.loss,
    gradients: new Map([...one.gradients].map(([name, gradient]) => [name, gradient.slice()])),
  };
  for (const other of beside) accumulate(sum, other);
  return sum;
}

function accumulate(sum: LossAndGradients, { loss, gradients }: LossAndGradients): void {
  sum.loss += loss;
  for (const [name, gradient] of gradients) {
    const total = sum.gradients.get(name);
    if (!total) sum.gradients.set(name, gradient);
    else for (let i = 0; i < total.length; i += 1) total[i]! += gradient[i]!;
  }
}
