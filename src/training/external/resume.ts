import { existsSync } from "node:fs";
import { copyFile, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../whole/index.js";
import type { TrainingSettings } from "../types.js";

/** What the Hugging Face Trainer expects of a checkpoint before its first step. */
const BEGINNING = {
  epoch: 0,
  global_step: 0,
  log_history: [],
  stateful_callbacks: { TrainerControl: { args: {}, attributes: {} } },
};

/** The newest whole checkpoint that an interrupted Hugging Face Trainer left in its output folder; null if none. */
export async function lastCheckpoint(output: string): Promise<string | null> {
  const names = existsSync(output) ? await readdir(output) : [];
  const steps = names
    .flatMap((name) => /^checkpoint-(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => b - a);
  // The state is written last.
  const whole = steps.find((step) => existsSync(join(output, `checkpoint-${step}`, "trainer_state.json")));
  return whole === undefined ? null : join(output, `checkpoint-${whole}`);
}

/**
 * An adapter as a checkpoint at step 0, so that `resume_from_checkpoint` starts from its weights with a new optimiser, and
 * the reference policy stays the base without any adapter. TRL's command line has no other way to go on from one.
 */
export async function asCheckpoint(
  adapter: string,
  folder: string,
  config: Readonly<Record<string, unknown>>,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (const name of ["adapter_config.json", "adapter_model.safetensors"])
    await copyFile(join(adapter, name), join(folder, name));
  // It takes these from the checkpoint rather than from its arguments.
  const { per_device_train_batch_size: train_batch_size, logging_steps } = config;
  const state = { ...BEGINNING, train_batch_size, logging_steps };
  await writeWhole(join(folder, "trainer_state.json"), JSON.stringify(state));
  return folder;
}

/** An adapter as a checkpoint at step 0, for whoever starts TRL by hand with the settings of a scenario. */
export async function adapterAsStart(
  adapter: string,
  folder: string,
  { batch_size }: Pick<TrainingSettings, "batch_size">,
): Promise<void> {
  await asCheckpoint(adapter, folder, { per_device_train_batch_size: batch_size });
}
