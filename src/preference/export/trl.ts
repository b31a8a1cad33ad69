import { join } from "node:path";
import { stringify } from "yaml";
import type { TrainingSettings } from "../../training/types.js";
import type { PreferenceData } from "../types.js";
import type { ExportedFiles, ExportRequest } from "./types.js";

/**
 * Rows and settings for TRL's own command line, checked against TRL 1.16: `trl sft --config trl.yaml`, run in the folder of
 * these files. The data is conversational prompt-completion (KTO: with `label`; DPO: prompt, chosen, rejected), on which
 * TRL takes the loss over the completion alone.
 */
export function exportTrl(request: ExportRequest): ExportedFiles {
  const { rows, config } = trlFiles(request);
  return {
    "train.jsonl": rows,
    "trl.yaml": `# In this folder: trl ${request.data.method} --config trl.yaml\n${stringify(config)}`,
  };
}

/** The same in parts, for whoever adds to the settings. */
export function trlFiles({ data, settings, model, seed, adapter, folder = "" }: ExportRequest): {
  rows: string;
  config: Record<string, unknown>;
} {
  return {
    rows: data.rows.map(({ source: _source, ...row }) => `${JSON.stringify(row)}\n`).join(""),
    config: {
      model_name_or_path: model,
      datasets: [{ path: "json", data_files: join(folder, "train.jsonl"), split: "train" }],
      output_dir: join(folder, "adapter"),
      seed,
      ...settingsOf(data.method, settings),
      // Weights, with a new optimiser; the reference policy stays the model without any adapter.
      ...(adapter ? { resume_from_checkpoint: adapter } : {}),
    },
  };
}

/** Each setting by name: TRL's command line refuses any that it does not know. A few are called otherwise there. */
function settingsOf(method: PreferenceData["method"], settings: TrainingSettings): Record<string, unknown> {
  const { beta, desirable_weight, undesirable_weight, loss_type } = settings;
  return {
    use_peft: true,
    learning_rate: settings.learning_rate,
    num_train_epochs: settings.num_train_epochs,
    max_length: settings.max_length,
    weight_decay: settings.weight_decay,
    lr_scheduler_type: settings.lr_scheduler_type,
    max_grad_norm: settings.max_grad_norm,
    lora_r: settings.lora_r,
    lora_alpha: settings.lora_alpha,
    // PEFT's default is 0.05; ours has no drop-out.
    lora_dropout: 0,
    lora_target_modules: settings.target_modules,
    per_device_train_batch_size: settings.batch_size,
    // Below 1, transformers 5 reads it as a share of all steps.
    warmup_steps: settings.warmup_ratio,
    ...(method === "sft" ? {} : { beta }),
    ...(method === "kto" ? { desirable_weight, undesirable_weight, loss_type } : {}),
  };
}
