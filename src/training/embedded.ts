import {
  type Adapter,
  type Beside,
  createLoraTrainer,
  initAdapter,
  type LabelledRow,
  type LoraTrainer,
  learningRateAt,
  loadAdapter,
  loadCheckpoint,
  type Neutral,
  type PairRow,
  type Sequence,
  saveAdapter,
  warmupStepsOf,
} from "../engine/index.js";
import { loadTokenizer, type Tokenizer } from "../models/index.js";
import { shuffle, stream } from "../random.js";
import { replaceFolder } from "../whole/index.js";
import { batches } from "./batches.js";
import { loadResumeState, type ResumeState, saveResumeState } from "./resume.js";
import { tokenisePair, tokeniseRow } from "./tokenise.js";
import type { Trainer, TrainingReport, TrainingRequest, TrainingSettings } from "./types.js";

/** An interruption repeats at most so much of the training. */
const SAVE_EVERY_MS = 5_000;

/**
 * Trains a LoRA adapter in this process, on the engine. An interrupted training goes on from its last saved state and
 * ends with the same weights, bit for bit.
 */
export const embeddedTrainer: Trainer = async (request) => {
  const checkpoint = await loadCheckpoint(request.base);
  const { rows, tokens } = tokeniseRows(request, await loadTokenizer(request.base));
  const { settings, data } = request;
  const adapter =
    request.adapter === null
      ? initAdapter(checkpoint.config, adapterConfig(settings), stream(`${request.seed}/adapter`))
      : await loadAdapter(request.adapter);
  const trainer = createLoraTrainer({
    checkpoint,
    adapter,
    loss: { method: data.method, ...settings },
    // The trainer works on a copy, so this stays what the training starts from.
    reference: settings.reference === "previous" && request.adapter !== null ? adapter : null,
    weightDecay: settings.weight_decay,
    maxGradNorm: settings.max_grad_norm,
    threads: request.threads,
    steer: request.steer,
  }) as LoraTrainer<Row>;
  try {
    const report = await takeSteps(trainer, rows, request, await besideOf(request));
    await replaceFolder(request.output, (draft) => saveAdapter(draft, trainer.adapter(), request.base));
    return { ...report, rows: rows.length, tokens };
  } finally {
    await trainer.release();
  }
};

type Row = Sequence | LabelledRow | PairRow;

async function takeSteps(
  trainer: LoraTrainer<Row>,
  rows: readonly Row[],
  { settings, seed, workdir, onProgress, signal }: TrainingRequest,
  besideAt: (step: number) => Beside,
): Promise<Pick<TrainingReport, "steps" | "loss_first" | "loss_last">> {
  const plan = batches(rows.length, settings.batch_size, settings.num_train_epochs, seed);
  const steps = plan.length;
  const schedule = {
    peak: settings.learning_rate,
    schedule: settings.lr_scheduler_type,
    steps,
    warmupSteps: warmupStepsOf(settings.warmup_ratio, steps),
  };
  const before = await loadResumeState(workdir);
  if (before) trainer.restore(before.optimizer);
  let losses = { lossFirst: before?.lossFirst ?? Number.NaN, lossLast: before?.lossLast ?? Number.NaN };
  const save = () =>
    saveResumeState(workdir, { optimizer: trainer.state(), ...losses } satisfies ResumeState);
  let saved = performance.now();
  for (let step = before?.optimizer.step ?? 0; step < steps; step += 1) {
    if (signal?.aborted) {
      await save();
      signal.throwIfAborted();
    }
    const learningRate = learningRateAt(step, schedule);
    const { loss, gradNorm } = await trainer.step(
      plan[step]!.map((index) => rows[index]!),
      learningRate,
      besideAt(step),
    );
    losses = { lossFirst: step === 0 ? loss : losses.lossFirst, lossLast: loss };
    onProgress?.({ step: step + 1, steps, loss, learning_rate: learningRate, grad_norm: gradNorm });
    if (performance.now() - saved > SAVE_EVERY_MS) {
      await save();
      saved = performance.now();
    }
  }
  return { steps, loss_first: losses.lossFirst, loss_last: losses.lossLast };
}

/** The rows of each step on which the model is held to the initial one, and those that it imitates beside. */
async function besideOf(request: TrainingRequest): Promise<(step: number) => Beside> {
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
): { rows: Row[]; tokens: number } {
  const { encodeChat } = tokenizer;
  let tokens = 0;
  const counted = (sequence: Sequence): Sequence => {
    tokens += sequence.ids.length * settings.num_train_epochs;
    return sequence;
  };
  const rows = data.rows.map((row): Row => {
    if ("chosen" in row) {
      const { chosen, rejected } = tokenisePair(encodeChat, row, settings.max_length, tokenizer);
      return { chosen: counted(chosen), rejected: counted(rejected) };
    }
    const sequence = counted(tokeniseRow(encodeChat, row, settings.max_length, tokenizer));
    return "label" in row ? { ...sequence, label: row.label } : sequence;
  });
  if (rows.length === 0) throw new Error("there are no rows to train on");
  return { rows, tokens };
}

function adapterConfig({ lora_r, lora_alpha, target_modules }: TrainingSettings): Adapter["config"] {
  return { r: lora_r, lora_alpha, target_modules };
}
