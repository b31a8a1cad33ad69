import { UserError } from "../../errors.js";
import type { Adapter } from "../files/adapter.js";
import type { LlamaConfig } from "../files/config.js";
import { cloneWeights, type Weights } from "../files/weights.js";
import type { OptimizerState } from "./adamw.js";
import { layOut } from "./batch.js";
import { completionTargets, Scorer, type Sequence } from "./log-probs.js";
import { clippedPolicyLoss, type LossHead, marginLoss, negativeLogLikelihood } from "./loss.js";
import { drawnParts, type Group, marginParts } from "./margins.js";
import { meanLoss } from "./mean-loss.js";
import { frozenModel, type Steering } from "./model.js";
import {
  type LossAndGradients,
  type LossPart,
  Optimization,
  type OptimizationOptions,
  type StepResult,
} from "./optimization.js";
import { ktoReferencePoint, ReferencePolicy } from "./reference.js";

/**
 * Which loss, under TRL's names. Weights default to 1. `apo_zero_unpaired` (D'Oosterlinck et al. 2024) is KTO's loss with the
 * reference point z at 0: it raises what is desirable and lowers the rest, however far the policy has gone.
 */
export type LossSettings =
  | { method: "sft" }
  | {
      method: "kto";
      beta: number;
      desirable_weight?: number;
      undesirable_weight?: number;
      loss_type?: "kto" | "apo_zero_unpaired";
      /** Longest of the mismatched pairs that the reference point is taken from, in tokens; no limit if absent. */
      max_length?: number;
    }
  | { method: "dpo"; beta: number }
  | {
      method: "rloo";
      /** How far the ratio to the policy that drew a sequence may go before it counts no more. */
      epsilon: number;
    };

/** KTO: a completion and whether it is desirable. */
export type LabelledRow = Sequence & { label: boolean };
/** DPO: two completions of one prompt. */
export type PairRow = { chosen: Sequence; rejected: Sequence };

/** RLOO: a completion, its log-probability under the policy that drew it, and how much better it was than the others. */
export type DrawnRow = Sequence & { drawnLogProb: number; advantage: number };

export type RowOf<Loss extends LossSettings> = Loss["method"] extends "kto"
  ? LabelledRow
  : Loss["method"] extends "dpo"
    ? PairRow
    : Loss["method"] extends "rloo"
      ? DrawnRow
      : Sequence;

/** Rows on which the model is to stay as it was: `weight` times the mean over their completions' tokens of KL(base || model) is added. */
export type Neutral = { rows: readonly Sequence[]; weight: number };

/** What a step does beside its rows. */
export type Beside = {
  /** Rows on which the model is held to the initial one. */
  neutral?: Neutral;
  /** Rows that it is to imitate as well: `weight` times their mean loss is added. */
  safe?: Neutral;
};

/** Trains a LoRA adapter on a frozen checkpoint. */
export type LoraTrainer<Row> = {
  /** One AdamW step on a batch of rows, held back by a batch of others, and with rows to imitate beside, where there are any. */
  step(rows: readonly Row[], learningRate: number, beside?: Beside): Promise<StepResult>;
  /** The batch's loss and the gradients of the adapter's matrices by PEFT name; nothing is updated. */
  differentiate(rows: readonly Row[]): Promise<LossAndGradients>;
  /** The loss and gradients of the batch that holds training back; nothing is updated. */
  hold(neutral: Neutral): Promise<LossAndGradients>;
  /** The loss and gradients of the rows that are imitated beside; nothing is updated. */
  imitate(safe: Neutral): Promise<LossAndGradients>;
  /** The current adapter (a copy). */
  adapter(): Adapter;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
  release(): Promise<void>;
};

/**
 * A trainer for SFT (mean over completion tokens), KTO, DPO (sigmoid) or RLOO, as TRL defines them. The reference policy of KTO and
 * DPO is the checkpoint with the adapter `reference`, or without one. It works on a copy of the given adapter. `steer` moves the residual
 * stream of policy and reference alike while rows are learnt from, not that of neutral or safe rows; no adapter holds anything of it.
 */
export function createLoraTrainer<Loss extends LossSettings>({
  checkpoint,
  adapter,
  loss,
  reference: compared = null,
  steer,
  ...options
}: {
  checkpoint: { config: LlamaConfig; weights: Weights };
  adapter: Adapter;
  loss: Loss;
  reference?: Adapter | null;
  steer?: Steering;
} & OptimizationOptions): LoraTrainer<RowOf<Loss>> {
  const { config, weights } = checkpoint;
  const own: Adapter = { config: adapter.config, weights: cloneWeights(adapter.weights) };
  if (steer) checkSteering(config, steer);
  const optimization = new Optimization({ ...frozenModel(checkpoint, own), steer }, headOf(loss), options);
  const holding = new Optimization(
    { ...frozenModel(checkpoint, own), score: "divergence" },
    negativeLogLikelihood,
    options,
  );
  const hold = async ({ rows, weight }: Neutral) =>
    await holding.differentiate(meanLoss(layOut(rows.map(completionTargets)), weight));
  const imitating = new Optimization(frozenModel(checkpoint, own), negativeLogLikelihood, options);
  const imitate = async ({ rows, weight }: Neutral) =>
    await imitating.differentiate(meanLoss(layOut(rows.map(completionTargets)), weight));
  const scorer = new Scorer({ config, weights, threads: options.threads, steer });
  const reference = new ReferencePolicy(scorer, compared);

  const parts = async (rows: readonly RowOf<Loss>[]): Promise<LossPart[]> => {
    if (loss.method === "kto") return ktoParts(rows as readonly LabelledRow[], loss, scorer, reference, own);
    if (loss.method === "dpo") return dpoParts(rows as readonly PairRow[], reference);
    if (loss.method === "rloo") return rlooParts(rows as readonly DrawnRow[]);
    return sftParts(rows as readonly Sequence[]);
  };
  return {
    step: async (rows, learningRate, { neutral, safe } = {}) => {
      const beside = [...(neutral ? [await hold(neutral)] : []), ...(safe ? [await imitate(safe)] : [])];
      return await optimization.step(await parts(rows), learningRate, beside);
    },
    hold,
    imitate,
    differentiate: async (rows) => optimization.differentiate(await parts(rows)),
    adapter: () => ({ config: own.config, weights: cloneWeights(own.weights) }),
    state: () => optimization.state(),
    restore: (state) => optimization.restore(state),
    release: async () => {
      await optimization.release();
      await holding.release();
      await imitating.release();
      await scorer.release();
    },
  };
}

function checkSteering({ layers, hiddenSize }: LlamaConfig, { layer, vector }: Steering): void {
  if (!(Number.isInteger(layer) && layer >= 1 && layer <= layers))
    throw new UserError(`steering behind layer ${layer}: the model has the layers 1 to ${layers}`);
  if (vector.length !== hiddenSize)
    throw new UserError(`steering by ${vector.length} numbers: the model's states have ${hiddenSize}`);
}

function headOf(loss: LossSettings): LossHead {
  if (loss.method === "rloo") return clippedPolicyLoss(loss.epsilon);
  return loss.method === "sft" ? negativeLogLikelihood : marginLoss(loss.method, loss.beta);
}

function sftParts(rows: readonly Sequence[]): LossPart[] {
  return meanLoss(layOut(rows.map(completionTargets)));
}

/** m = beta (r - z) for desirable rows and beta (z - r) for the others, r the log-ratio to the reference. */
async function ktoParts(
  rows: readonly LabelledRow[],
  {
    desirable_weight = 1,
    undesirable_weight = 1,
    loss_type = "kto",
    max_length = Infinity,
  }: Omit<Extract<LossSettings, { method: "kto" }>, "method" | "beta">,
  scorer: Scorer,
  reference: ReferencePolicy,
  adapter: Adapter,
): Promise<LossPart[]> {
  const point =
    loss_type === "kto" ? await ktoReferencePoint(rows, scorer, reference, adapter, max_length) : 0;
  const base = await reference.score(rows);
  const groups = rows.map(({ label }, row): Group => {
    const sign = label ? 1 : -1;
    const weight = label ? desirable_weight : undesirable_weight;
    return { signs: [sign], offset: sign * (base[row]! + point), importance: weight / rows.length };
  });
  return marginParts(layOut(rows.map(completionTargets)), groups);
}

/** m = beta (log-ratio of the chosen - log-ratio of the rejected completion). */
async function dpoParts(rows: readonly PairRow[], reference: ReferencePolicy): Promise<LossPart[]> {
  const sequences = rows.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  const base = await reference.score(sequences);
  const groups = rows.map(
    (_, pair): Group => ({
      signs: [1, -1],
      offset: base[2 * pair]! - base[2 * pair + 1]!,
      importance: 1 / rows.length,
    }),
  );
  return marginParts(layOut(sequences.map(completionTargets), 2), groups);
}

/** The mean over drawn completions. */
function rlooParts(rows: readonly DrawnRow[]): LossPart[] {
  const groups = rows.map(({ drawnLogProb, advantage }) => ({
    signs: [1],
    offset: drawnLogProb,
    importance: advantage / rows.length,
  }));
  return drawnParts(layOut(rows.map(completionTargets)), groups);
}
