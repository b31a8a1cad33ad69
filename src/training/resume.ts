import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { hashWeights, type OptimizerState, readSafetensors, writeSafetensors } from "../engine/index.js";
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
    const { step, loss_first, loss_last } = metadata;
    if (metadata.sha256 !== hashOf(weights, [step, loss_first, loss_last])) return undefined;
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
  const numbers = [optimizer.step, lossFirst, lossLast].map(String);
  const [step, first, last] = numbers;
  await writeSafetensors(join(workdir, FILE), optimizer.tensors, {
    metadata: {
      step: step!,
      loss_first: first!,
      loss_last: last!,
      sha256: hashOf(optimizer.tensors, numbers),
    },
  });
}

/** One number for all of a state, so that a bit that has changed on disk is noticed. */
function hashOf(tensors: OptimizerState["tensors"], numbers: readonly (string | undefined)[]): string {
  return createHash("sha256").update(hashWeights(tensors)).update(numbers.join(" ")).digest("hex");
}
