import type { Adapter } from "../files/adapter.js";
import type { LlamaConfig } from "../files/config.js";
import { cloneWeights, type Weights } from "../files/weights.js";
import type { FeedData } from "../graph/program.js";
import type { OptimizerState } from "./adamw.js";
import { type Batch, layOut } from "./batch.js";
import { normalize } from "./full-trainer.js";
import { completionTargets, Scorer, type Sequence } from "./log-probs.js";
import { type LossHead, marginLoss, negativeLogLikelihood } from "./loss.js";
import { Optimization, type OptimizationOptions, type StepResult } from "./optimization.js";
import { ktoReferencePoint, ReferencePolicy } from "./reference.js";

/** Which loss, under TRL's names. Weights default to 1. */
export type LossSettings =
  | { method: "sft" }
  | { method: "kto"; beta: number; desirable_weight?: number; undesirable_weight?: number }
  | { method: "dpo"; beta: number };

/** KTO: a completion and whether it is desirable. */
export type LabelledRow = Sequence & { label: boolean };
/** DPO: two completions of one prompt. */
export type PairRow = { chosen: Sequence; rejected: Sequence };

export type RowOf<Loss extends LossSettings> = Loss["method"] extends "kto"
  ? LabelledRow
  : Loss["method"] extends "dpo"
    ? PairRow
    : Sequence;

/** Trains a LoRA adapter on a frozen checkpoint. */
export type LoraTrainer<Row> = {
  /** One AdamW step on a batch of rows. */
  step(rows: readonly Row[], learningRate: number): Promise<StepResult>;
  /** The batch's loss and the gradients of the adapter's matrices by PEFT name; nothing is updated. */
  differentiate(rows: readonly Row[]): Promise<{ loss: number; gradients: Map<string, Float32Array> }>;
  /** The current adapter (a copy). */
  adapter(): Adapter;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  release(): Promise<void>;
};

type Prepared = { batch: Batch; feeds: Record<string, FeedData>; groups: number };

/**
 * A trainer for SFT (mean over completion tokens), KTO or DPO (sigmoid), as TRL defines them. The reference policy of KTO and
 * DPO is the checkpoint without adapter. It works on a copy of the given adapter.
 */
export function createLoraTrainer<Loss extends LossSettings>({
  checkpoint,
  adapter,
  loss,
  ...options
}: {
  checkpoint: { config: LlamaConfig; weights: Weights };
  adapter: Adapter;
  loss: Loss;
} & OptimizationOptions): LoraTrainer<RowOf<Loss>> {
  const { config, weights } = checkpoint;
  const own: Adapter = { config: adapter.config, weights: cloneWeights(adapter.weights) };
  const optimization = new Optimization({ config, weights, frozen: { adapter: own } }, headOf(loss), options);
  const scorer = new Scorer({ config, weights, threads: options.threads });
  const reference = new ReferencePolicy(scorer);

  const prepare = async (rows: readonly RowOf<Loss>[]): Promise<Prepared> => {
    if (loss.method === "kto")
      return prepareKto(rows as readonly LabelledRow[], loss, scorer, reference, own);
    if (loss.method === "dpo") return prepareDpo(rows as readonly PairRow[], reference);
    return prepareSft(rows as readonly Sequence[]);
  };
  return {
    step: async (rows, learningRate) => {
      const { batch, feeds, groups } = await prepare(rows);
      return optimization.step(batch, feeds, learningRate, groups);
    },
    differentiate: async (rows) => {
      const { batch, feeds, groups } = await prepare(rows);
      return optimization.differentiate(batch, feeds, groups);
    },
    adapter: () => ({ config: own.config, weights: cloneWeights(own.weights) }),
    state: () => optimization.state(),
    restore: (state) => optimization.restore(state),
    release: async () => {
      await optimization.release();
      await scorer.release();
    },
  };
}

function headOf(loss: LossSettings): LossHead {
  return loss.method === "sft" ? negativeLogLikelihood : marginLoss(loss.method, loss.beta);
}

function prepareSft(rows: readonly Sequence[]): Prepared {
  const batch = layOut(rows.map(completionTargets));
  normalize(batch.weights);
  return { batch, feeds: { weights: batch.weights }, groups: 1 };
}

/** m = beta (r - z) for desirable rows and beta (z - r) for the others, r the log-ratio to the reference. */
async function prepareKto(
  rows: readonly LabelledRow[],
  {
    desirable_weight = 1,
    undesirable_weight = 1,
  }: { desirable_weight?: number; undesirable_weight?: number },
  scorer: Scorer,
  reference: ReferencePolicy,
  adapter: Adapter,
): Promise<Prepared> {
  const point = await ktoReferencePoint(rows, scorer, reference, adapter);
  const base = await reference.score(rows);
  const batch = layOut(rows.map(completionTargets));
  const sign = rows.map(({ label }) => (label ? 1 : -1));
  const weight = (label: boolean) => (label ? desirable_weight : undesirable_weight);
  return {
    batch,
    feeds: {
      membership: membership(batch, rows.length, (row) => ({ group: row, sign: sign[row]! })),
      offset: Float32Array.from(base, (value, row) => sign[row]! * (value + point)),
      importance: Float32Array.from(rows, ({ label }) => weight(label) / rows.length),
    },
    groups: rows.length,
  };
}

/** m = beta (log-ratio of the chosen - log-ratio of the rejected completion). */
async function prepareDpo(rows: readonly PairRow[], reference: ReferencePolicy): Promise<Prepared> {
  const sequences = [...rows.map(({ chosen }) => chosen), ...rows.map(({ rejected }) => rejected)];
  const base = await reference.score(sequences);
  const batch = layOut(sequences.map(completionTargets));
  const pairs = rows.length;
  return {
    batch,
    feeds: {
      membership: membership(batch, pairs, (row) => ({ group: row % pairs, sign: row < pairs ? 1 : -1 })),
      offset: Float32Array.from(rows, (_, pair) => base[pair]! - base[pairs + pair]!),
      importance: new Float32Array(pairs).fill(1 / pairs),
    },
    groups: pairs,
  };
}

/** [groups, positions]: the sign with which a position's log-probability enters its group, 0 elsewhere. */
function membership(
  batch: Batch,
  groups: number,
  place: (row: number) => { group: number; sign: number },
): Float32Array {
  const matrix = new Float32Array(groups * batch.positions);
  for (const [position, row] of batch.rows.entries()) {
    if (batch.weights[position] === 0) continue;
    const { group, sign } = place(row);
    matrix[group * batch.positions + position] = sign;
  }
  return matrix;
}
