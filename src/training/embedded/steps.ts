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
  /** Puts the model as it is after a step into its place among those that are kept of a training. */
  keep?: (step: number) => Promise<void>;
  /** Whether an interrupted training may go on from before a step; always if absent. */
  mayBegin?: (step: number) => boolean;
  settings: Pick<TrainingSettings, "learning_rate" | "lr_scheduler_type" | "warmup_ratio">;
  /** Folder of the resume state. */
  workdir: string;
} & Pick<TrainingRequest, "onProgress" | "saveSteps" | "signal">;

/** All optimiser steps of a training, from where an interrupted one stood. */
export async function takeSteps<Row>(
  trainer: Stepper<Row>,
  {
    steps,
    rowsAt,
    besideAt,
    keep,
    mayBegin = () => true,
    settings,
    workdir,
    saveSteps,
    onProgress,
    signal,
  }: Steps<Row>,
): Promise<Pick<TrainingReport, "steps" | "loss_first" | "loss_last" | "saved">> {
  const saved = saveSteps && keep ? pointsOf(saveSteps.every, steps) : [];
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
  let kept = performance.now();
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
    // Before the state that may be gone on from: then it is there of every step before.
    if (saved.includes(step + 1)) await keep!(step + 1);
    if (performance.now() - kept > SAVE_EVERY_MS && mayBegin(step + 1)) {
      await save();
      kept = performance.now();
    }
  }
  return {
    steps,
    loss_first: losses.lossFirst,
    loss_last: losses.lossLast,
    ...(saved.length > 0 ? { saved } : {}),
  };
}

/** Every so many steps but the last, whose model is the checkpoint. */
function pointsOf(every: number, steps: number): number[] {
  return Array.from({ length: Math.ceil(steps / every) - 1 }, (_, index) => (index + 1) * every);
}
