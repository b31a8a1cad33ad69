import {
  type Adapter,
  type Beside,
  type Checkpoint,
  createLoraTrainer,
  initAdapter,
  type LabelledRow,
  type LoraTrainer,
  type LossSettings,
  loadAdapter,
  loadCheckpoint,
  type Neutral,
  type PairRow,
  type Sequence,
  saveAdapter,
} from "../../engine/index.js";
import { loadTokenizer, type Tokenizer } from "../../models/index.js";
import { kindOfRows } from "../../preference/export/index.js";
import { shuffle, stream } from "../../random.js";
import { replaceFolder } from "../../whole/index.js";
import { batches } from "../batches.js";
import { countShortened, type Shortened } from "../shortened.js";
import { tokenisePair, tokeniseRow } from "../tokenise.js";
import type { TrainingReport, TrainingRequest } from "../types.js";
import { takeSteps } from "./steps.js";

type TrainingRow = Sequence | LabelledRow | PairRow;

/** Trains an adapter on rows as they are. `beside` writes more into the checkpoint's folder. */
export async function trainOnRows(
  request: TrainingRequest,
  beside?: (draft: string) => Promise<void>,
): Promise<TrainingReport> {
  const checkpoint = await loadCheckpoint(request.base);
  const { rows, tokens, shortened } = tokeniseRows(request, await loadTokenizer(request.base));
  const { settings, seed } = request;
  const trainer = createLoraTrainer({
    ...(await startOf(request, checkpoint)),
    loss: lossOf(request),
    ...optimization(request),
    steer: request.steer,
  }) as LoraTrainer<TrainingRow>;
  try {
    const plan = batches(rows.length, settings.batch_size, settings.num_train_epochs, seed);
    const report = await takeSteps(trainer, {
      ...request,
      steps: plan.length,
      rowsAt: async (step) => ({ rows: plan[step]!.map((index) => rows[index]!) }),
      besideAt: await besideOf(request),
      keep: keeperOf(request, trainer),
    });
    await saveCheckpoint(request, trainer, beside);
    return { ...report, rows: rows.length, tokens, ...shortened.told() };
  } finally {
    await trainer.release();
  }
}

/** What the training starts from, and the policy that it compares with. */
export async function startOf(
  { adapter: from, settings, seed }: TrainingRequest,
  checkpoint: Checkpoint,
): Promise<{ checkpoint: Checkpoint; adapter: Adapter; reference: Adapter | null }> {
  const adapter =
    from === null
      ? initAdapter(checkpoint.config, adapterConfig(settings), stream(`${seed}/adapter`))
      : await loadAdapter(from);
  // The trainer works on a copy, so this stays what the training starts from.
  return {
    checkpoint,
    adapter,
    reference: settings.reference === "previous" && from !== null ? adapter : null,
  };
}

export function adapterConfig({
  lora_r,
  lora_alpha,
  target_modules,
}: TrainingRequest["settings"]): Adapter["config"] {
  return { r: lora_r, lora_alpha, target_modules };
}

export const optimization = ({ settings, threads }: TrainingRequest) => ({
  weightDecay: settings.weight_decay,
  maxGradNorm: settings.max_grad_norm,
  threads,
});

/** Puts the trained adapter into its place, whole or not at all. */
export async function saveCheckpoint(
  { output, base }: TrainingRequest,
  trainer: Pick<LoraTrainer<never>, "adapter">,
  beside?: (draft: string) => Promise<void>,
): Promise<void> {
  await replaceFolder(output, async (draft) => {
    await saveAdapter(draft, trainer.adapter(), base);
    await beside?.(draft);
  });
}

/** Puts the adapter as it is into the folder of a step. */
export function keeperOf(
  { saveSteps, base }: TrainingRequest,
  trainer: Pick<LoraTrainer<never>, "adapter">,
): (step: number) => Promise<void> {
  return async (step) => {
    if (saveSteps)
      await replaceFolder(saveSteps.folder(step), (draft) => saveAdapter(draft, trainer.adapter(), base));
  };
}

function lossOf({ data, settings }: TrainingRequest): LossSettings {
  const methods = { reply: "sft", labelled: "kto", pair: "dpo" } as const;
  return { ...settings, method: methods[kindOfRows(data).kind] };
}

/** The rows of each step on which the model is held to the initial one, and those that it imitates beside. */
export async function besideOf(request: TrainingRequest): Promise<(step: number) => Beside> {
  const neutral = await rowsOf(request, "neutral");
  const safe = await rowsOf(request, "safe");
  return (step) => ({ neutral: neutral?.(step), safe: safe?.(step) });
}

/** Some rows of a file for each step: it is gone through in drawn orders, again and again. */
async function rowsOf(
  { base, settings, seed, ...request }: TrainingRequest,
  what: "neutral" | "safe",
): Promise<((step: number) => Neutral) | undefined> {
  const file = request[what];
  if (!file) return undefined;
  const tokenizer = await loadTokenizer(base);
  const { weight, batchSize } = file;
  const rows = file.rows.map((row) => tokeniseRow(tokenizer.encodeChat, row, settings.max_length, tokenizer));
  const turns = new Map<number, Sequence[]>();
  const at = (index: number): Sequence => {
    const turn = Math.floor(index / rows.length);
    const order = turns.get(turn) ?? shuffle(stream(`${seed}/${what}/${turn}`), rows);
    turns.set(turn, order);
    return order[index % rows.length]!;
  };
  return (step) => ({
    weight,
    rows: Array.from({ length: batchSize }, (_, index) => at(step * batchSize + index)),
  });
}

function tokeniseRows(
  { data, settings }: TrainingRequest,
  tokenizer: Tokenizer,
): { rows: TrainingRow[]; tokens: number; shortened: Shortened } {
  const { encodeChat } = tokenizer;
  const shortened = countShortened();
  const { max_length } = settings;
  let tokens = 0;
  const counted = (sequence: Sequence): Sequence => {
    tokens += sequence.ids.length * settings.num_train_epochs;
    return sequence;
  };
  const rows = data.rows.map((row): TrainingRow => {
    if ("chosen" in row) {
      const { chosen, rejected } = tokenisePair(encodeChat, row, max_length, tokenizer, shortened.add);
      return { chosen: counted(chosen), rejected: counted(rejected) };
    }
    const sequence = counted(tokeniseRow(encodeChat, row, max_length, tokenizer, shortened.add));
    return "label" in row ? { ...sequence, label: row.label } : sequence;
  });
  if (rows.length === 0) throw new Error("there are no rows to train on");
  return { rows, tokens, shortened };
}
