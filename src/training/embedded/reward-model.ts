import { join } from "node:path";
import {
  type Adapter,
  type Checkpoint,
  createRewardTrainer,
  initAdapter,
  type PairRow,
  type RewardModel,
  writeSafetensors,
} from "../../engine/index.js";
import type { Message, Tokenizer } from "../../models/index.js";
import type { DpoRow } from "../../preference/export/index.js";
import { stream } from "../../random.js";
import { writeWhole } from "../../whole/index.js";
import { batches } from "../batches.js";
import { tokenisePair, tokeniseRow } from "../tokenise.js";
import type { TrainingReport, TrainingRequest, TrainingSettings } from "../types.js";
import { adapterConfig, optimization } from "./adapter.js";
import { takeSteps } from "./steps.js";

export type RewardTrainer = ReturnType<typeof createRewardTrainer>;
type Report = NonNullable<TrainingReport["reward_model"]>;

/** Of transformers' heads for classification. */
const HEAD_DEVIATION = 0.02;
const HEAD = "base_model.model.score.weight";

/** How the reward model of a training learns: as the policy does, but for what is its own. */
function rewardSettings(settings: TrainingSettings): TrainingSettings {
  return { ...settings, ...(settings.reward_model ?? { learning_rate: 1e-3, num_train_epochs: 3 }) };
}

/** Optimiser steps of a reward model. */
export const rewardSteps = (pairs: number, settings: TrainingSettings): number =>
  Math.ceil(pairs / settings.batch_size) * rewardSettings(settings).num_train_epochs;

/**
 * Trains a reward model on pairs, each time anew from the untrained checkpoint: Bradley and Terry's loss on a linear head over LoRA, as
 * TRL's RewardTrainer has it. `request.workdir` is its own. The caller releases what is returned.
 */
export async function trainRewardModel(
  pairs: readonly DpoRow[],
  checkpoint: Checkpoint,
  tokenizer: Tokenizer,
  request: TrainingRequest,
): Promise<{ trainer: RewardTrainer; report: Report; tokens: number }> {
  const settings = rewardSettings(request.settings);
  const rows = pairs.map(
    (row): PairRow => tokenisePair(tokenizer.encodeChat, row, settings.max_length, tokenizer),
  );
  const seed = `${request.seed}/reward`;
  const trainer = createRewardTrainer({
    checkpoint,
    start: startOf(checkpoint, request, seed),
    ...optimization(request),
  });
  try {
    const plan = batches(rows.length, settings.batch_size, settings.num_train_epochs, seed);
    const { loss_first, loss_last } = await takeSteps(trainer, {
      ...request,
      settings,
      steps: plan.length,
      rowsAt: async (step) => ({ rows: plan[step]!.map((index) => rows[index]!) }),
    });
    const values = await trainer.values(rows.flatMap(({ chosen, rejected }) => [chosen, rejected]));
    const right = rows.filter((_, at) => values[2 * at]! > values[2 * at + 1]!).length;
    const read = rows.reduce((sum, { chosen, rejected }) => sum + chosen.ids.length + rejected.ids.length, 0);
    const report = {
      pairs: rows.length,
      accuracy: right / rows.length,
      loss_first: loss_first!,
      loss_last: loss_last!,
    };
    return { trainer, report, tokens: read * settings.num_train_epochs };
  } catch (error) {
    await trainer.release();
    throw error;
  }
}

function startOf({ config }: Checkpoint, { settings }: TrainingRequest, seed: string): RewardModel {
  const adapter: Adapter = initAdapter(config, adapterConfig(settings), stream(`${seed}/adapter`));
  const random = stream(`${seed}/head`);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const data = Float32Array.from({ length: config.hiddenSize }, () => HEAD_DEVIATION * normal());
  return { adapter, head: { shape: [1, config.hiddenSize], data } };
}

/**
 * Writes a reward model beside a policy: PEFT's two files for a model for sequence classification under names of their own. In a
 * folder of its own, as `adapter_model.safetensors` and `adapter_config.json`, PEFT loads it.
 */
export async function saveRewardModel(
  folder: string,
  { adapter, head }: RewardModel,
  base: string,
): Promise<void> {
  const weights = new Map([...adapter.weights, [HEAD, head]]);
  await writeSafetensors(join(folder, "reward_model.safetensors"), weights);
  const config = {
    peft_type: "LORA",
    task_type: "SEQ_CLS",
    base_model_name_or_path: base,
    ...adapter.config,
    lora_dropout: 0,
    bias: "none",
    modules_to_save: ["score"],
    inference_mode: true,
  };
  await writeWhole(join(folder, "reward_model.json"), `${JSON.stringify(config, null, 2)}\n`);
}

/** What a reward model gives each reply to its prompt, in its own units. */
export async function valuesOf(
  texts: readonly { prompt: readonly Message[]; content: string }[],
  trainer: RewardTrainer,
  tokenizer: Tokenizer,
  { max_length }: TrainingSettings,
): Promise<Float64Array> {
  return await trainer.values(
    texts.map(({ prompt, content }) => {
      const row = { prompt: [...prompt], completion: [{ role: "assistant" as const, content }] };
      return tokeniseRow(tokenizer.encodeChat, row, max_length, tokenizer);
    }),
  );
}
