import { type Beside, learningRateAt, type OptimizerState, warmupStepsOf } from "../../engine/index.js";
import { loadResumeState, saveResumeState } from "../resume.js";
import type { TrainingProgress, TrainingReport, TrainingRequest, TrainingSettings } from "../types.js";

/** An interruption repeats at most so much of the training. */
const SAVE_EVERY_MS = 5_000;

/** What takes the steps. */
type Stepper<Row> = {
  step(
    rows: readonly Row[],
    learningRate: number,
    beside?: Beside,
  ): Promise<{ loss: number; gradNorm: number }>;
  state(): OptimizerState;
  restore(state: OptimizerState): void;
};

type Steps<Row> = {
  steps: number;
  /** The rows of a step, from 0, and what is told of it beside its loss. */
  rowsAt: (step: number) => Promise<{ rows: readonly Row[]; told?: Partial<TrainingProgress> }>;
  besideAt?: (step: number) => Beside;
  /** Whether an interrupted training may go on from before a step; always if absent. */
  mayBegin?: (step: number) => boolean;
  settings: Pick<TrainingSettings, "learning_rate" | "lr_scheduler_type" | "warmup_ratio">;
  /** Folder of the resume state. */
  workdir: string;
} & Pick<TrainingRequest, "onProgress" | "signal">;

/** All optimiser steps of a training, from where an interrupted one stood. */
export async function takeSteps<Row>(
  trainer: Stepper<Row>,
  { steps, rowsAt, besideAt, mayBegin = () => true, settings, workdir, onProgress, signal }: Steps<Row>,
): Promise<Pick<TrainingReport, "steps" | "loss_first" | "loss_last">> {
  const schedule = {
    peak: settings.learning_rate,
    schedule: settings.lr_scheduler_type,
    steps,
    warmupSteps: warmupStepsOf(settings.warmup_ratio, steps),
  };
  const before = await loadResumeState(workdir);
  if (before) trainer.restore(before.optimizer);
  let losses = { lossFirst: before?.lossFirst ?? Number.NaN, lossLast: before?.lossLast ?? Number.NaN };
  const save = () => saveResumeState(workdir, { optimizer: trainer.state(), ...losses });
  let saved = performance.now();
  for (let step = before?.optimizer.step ?? 0; step < steps; step += 1) {
    if (signal?.aborted) {
      if (mayBegin(step)) await save();
      signal.throwIfAborted();
    }
    const { rows, told } = await rowsAt(step);
    const learningRate = learningRateAt(step, schedule);
    const { loss, gradNorm } = await trainer.step(rows, learningRate, besideAt?.(step));
    losses = { lossFirst: step === 0 ? loss : losses.lossFirst, lossLast: loss };
    onProgress?.({ step: step + 1, steps, loss, learning_rate: learningRate, grad_norm: gradNorm, ...told });
    if (performance.now() - saved > SAVE_EVERY_MS && mayBegin(step + 1)) {
      await save();
      saved = performance.now();
    }
  }
  return { steps, loss_first: losses.lossFirst, loss_last: losses.lossLast };
}
