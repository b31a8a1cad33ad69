import { existsSync } from "node:fs";
import { join } from "node:path";
import { type OptimizerState, readSafetensors, writeSafetensors } from "../engine/index.js";
import { UserError } from "../errors.js";

/** Where an interrupted training stood, bit for bit. */
export type ResumeState = { optimizer: OptimizerState; lossFirst: number; lossLast: number };

const FILE = "resume.safetensors";

/** The state saved last, or undefined for none. A damaged one is no loss: the training begins anew. */
export async function loadResumeState(workdir: string): Promise<ResumeState | undefined> {
  const path = join(workdir, FILE);
  if (!existsSync(path)) return undefined;
  try {
    const { weights, metadata } = await readSafetensors(path);
    return {
      optimizer: { step: Number(metadata.step), tensors: weights },
      lossFirst: Number(metadata.loss_first),
      lossLast: Number(metadata.loss_last),
    };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Saves a state, whole or not at all. */
export async function saveResumeState(workdir: string, state: ResumeState): Promise<void> {
  const { optimizer, lossFirst, lossLast } = state;
  await writeSafetensors(join(workdir, FILE), optimizer.tensors, {
    metadata: {
      step: String(optimizer.step),
      loss_first: String(lossFirst),
      loss_last: String(lossLast),
    },
  });
}
