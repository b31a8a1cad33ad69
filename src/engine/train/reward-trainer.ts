import { createHash } from "node:crypto";
import type { Adapter } from "../files/adapter.js";
import type { LlamaConfig } from "../files/config.js";
import { cloneWeights, type Weight, type Weights } from "../files/weights.js";
import type { OptimizerState } from "./adamw.js";
import { layOut, type TargetRow } from "./batch.js";
import type { Sequence } from "./log-probs.js";
import type { PairRow } from "./lora-trainer.js";
import { marginLoss } from "./loss.js";
import { type CompiledForward, compileForward, frozenModel, trainedFeeds, trainedWeights } from "./model.js";
import {
  type LossAndGradients,
  type LossPart,
  Optimization,
  type OptimizationOptions,
  type StepResult,
} from "./optimization.js";
import { layOutPairs } from "./pair-batch.js";
import { batchFeeds } from "./places.js";
import { ProgramCache } from "./programs.js";

/** A frozen checkpoint with a LoRA adapter and a linear head [1, hidden] that gives a whole text its value. */
export type RewardModel = { adapter: Adapter; head: Weight };

/** Trains a reward model. */
export type RewardTrainer = {
  /** One AdamW step on a batch of pairs. */
  step(rows: readonly PairRow[], learningRate: number): Promise<StepResult>;
  /** The batch's loss and the gradients of the adapter's matrices and the head by PEFT name; nothing is updated. */
  differentiate(rows: readonly PairRow[]): Promise<LossAndGradients>;
  /** The value of each text, at its last token. */
  values(rows: readonly Sequence[]): Promise<Float64Array>;
  /** The current reward model (a copy). */
  model(): RewardModel;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  release(): Promise<void>;
};

// Rows of like length that share their program's shape; results do not depend on it.
const ROWS = 64;

/**
 * A trainer for reward models as TRL's RewardTrainer defines them: the model for sequence classification of one label, whose
 * head reads the last token, and Bradley and Terry's loss, - log sigmoid(value of the chosen - value of the rejected text).
 * It works on a copy of what it is given.
 */
export function createRewardTrainer({
  checkpoint,
  start,
  ...options
}: {
  checkpoint: { config: LlamaConfig; weights: Weights };
  start: RewardModel;
} & OptimizationOptions): RewardTrainer {
  const adapter: Adapter = { config: start.adapter.config, weights: cloneWeights(start.adapter.weights) };
  const head: Weight = { shape: start.head.shape, data: start.head.data.slice() };
  const model = { ...frozenModel(checkpoint, adapter), frozen: { adapter, head }, score: "value" as const };
  const optimization = new Optimization(model, marginLoss("dpo", 1), options);
  const programs = new ProgramCache<CompiledForward>();

  const read = async (rows: readonly Sequence[]): Promise<Float64Array> => {
    const found = new Float64Array(rows.length);
    const order = [...rows.keys()].sort((a, b) => rows[a]!.ids.length - rows[b]!.ids.length);
    for (let start = 0; start < order.length; start += ROWS) {
      const chunk = order.slice(start, start + ROWS);
      const batches = layOut(
        chunk.map((index) => atEnd(rows[index]!)),
        1,
        { oneEach: true },
      );
      const { shape } = batches[0]!;
      const { program, feeds, logProbs } = await programs.get(Object.values(shape).join("/"), () =>
        compileForward(model, shape, options.threads ?? 1),
      );
      for (const batch of batches) {
        const trained = trainedFeeds(trainedWeights(model));
        const result = await program.run({ ...feeds, ...trained, ...batchFeeds(batch, 0, "value") });
        const data = result[logProbs]!.data as Float32Array;
        for (const [position, row] of batch.rowOf.entries())
          if (batch.weights[position] !== 0) found[chunk[batch.firstRow + row]!] = data[position]!;
      }
    }
    return found;
  };
  const { values, forget } = remembering(read);
  return {
    step: async (rows, learningRate) => {
      forget();
      return await optimization.step(parts(rows), learningRate);
    },
    differentiate: async (rows) => await optimization.differentiate(parts(rows)),
    values,
    model: () => ({
      adapter: { config: adapter.config, weights: cloneWeights(adapter.weights) },
      head: { shape: head.shape, data: head.data.slice() },
    }),
    state: () => optimization.state(),
    restore: (state) => {
      forget();
      optimization.restore(state);
    },
    release: async () => {
      await optimization.release();
      await programs.release();
    },
  };
}

/**
 * Reads no text twice until it is told to forget, when the weights change: a small model says the same again and again, of what it drew
 * and of what it learnt from.
 */
function remembering(read: RewardTrainer["values"]) {
  const known = new Map<string, number>();
  const values = async (rows: readonly Sequence[]): Promise<Float64Array> => {
    const names = rows.map(nameOf);
    const all = new Map(names.map((name, at) => [name, rows[at]!]));
    const fresh = [...all].filter(([name]) => !known.has(name));
    const found = await read(fresh.map(([, row]) => row));
    for (const [at, [name]] of fresh.entries()) known.set(name, found[at]!);
    return Float64Array.from(names, (name) => known.get(name)!);
  };
  return { values, forget: () => known.clear() };
}

/** Equal for equal texts; short, however long they are. */
const nameOf = ({ ids }: Sequence): string =>
  createHash("sha256").update(Int32Array.from(ids)).digest("base64");

/** Bradley and Terry's margins: the value of a pair's chosen text less that of the rejected one, each pair an equal share of the mean. */
function parts(rows: readonly PairRow[]): LossPart[] {
  const pairs = rows.map(({ chosen, rejected }) => ({ chosen: chosen.ids, rejected: rejected.ids }));
  return layOutPairs(pairs).map((batch) => {
    const { rows: groups, positions } = batch.shape;
    const membership = new Float32Array(groups * positions);
    const importance = new Float32Array(groups);
    for (let group = 0; group < Math.min(groups, rows.length - batch.firstRow); group += 1) {
      membership.set([1, -1], group * positions + 2 * group);
      importance[group] = 1 / rows.length;
    }
    return { batch, feeds: { membership, offset: new Float32Array(groups), importance }, groups };
  });
}

/** A text whose last token alone is looked at. A row's last token is only a target, so one that is never read stands behind it. */
function atEnd({ ids }: Sequence): TargetRow {
  const weights = new Float32Array(ids.length + 1);
  weights[ids.length] = 1;
  return { ids: [...Array.from(ids), 0], weights };
}
