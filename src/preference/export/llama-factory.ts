import { join } from "node:path";
import { UserError } from "../../errors.js";
import { methods, type RowKind } from "../../methods/index.js";
import { wellFormed } from "../../well-formed.js";
import { kindOfRows } from "../kind-of-rows.js";
import type { PreferenceData } from "../types.js";
import { pythonYaml } from "./python-yaml.js";
import { refuseUnknown, schedulerName } from "./trl.js";
import type { ExportedFiles, ExportRequest, RawRow } from "./types.js";

/**
 * Rows and settings for LLaMA-Factory, checked against 0.9.5: `llamafactory-cli train llama_factory.yaml`, run in the folder
 * of these files. The data is its `sharegpt` format with `role` and `content` tags. Where no template is named it takes the
 * tokenizer's own.
 */
export function exportLlamaFactory(request: ExportRequest): ExportedFiles {
  const { rows, info, config } = llamaFactoryFiles(request);
  const head = request.raw
    ? `# In this folder: llamafactory-cli train llama_factory.yaml\n# Rows longer than ${request.settings.max_length} tokens have lost the oldest part of their prompt: the rows are texts as the model reads them.\n`
    : `# In this folder: llamafactory-cli train llama_factory.yaml\n# The chat template is the tokenizer's own; to use one of LLaMA-Factory's add e.g. template: llama3\n`;
  return { "train.json": rows, "dataset_info.json": info, "llama_factory.yaml": head + pythonYaml(config) };
}

/** Rows and settings for LLaMA-Factory, each by itself, for whoever adds to the settings. */
export function llamaFactoryFiles({
  data,
  raw,
  settings,
  model,
  seed,
  adapter,
  folder = ".",
}: ExportRequest): {
  rows: string;
  info: string;
  config: Record<string, unknown>;
} {
  refuseUnknown("LLaMA-Factory's files", data.method);
  const { beta, desirable_weight, undesirable_weight, loss_type } = settings;
  const reads = methods[data.method].settings;
  if (reads.includes("loss_type") && loss_type === "apo_zero_unpaired")
    throw new UserError("training.loss_type: LLaMA-Factory has no apo_zero_unpaired; use TRL, or kto");
  const config = {
    stage: data.method,
    do_train: true,
    model_name_or_path: model,
    dataset_dir: folder,
    dataset: "candor",
    output_dir: join(folder, "adapter"),
    seed,
    finetuning_type: "lora",
    // It goes on with this adapter, and its reference policy is the base without it.
    ...(adapter ? { adapter_name_or_path: adapter, create_new_adapter: false } : {}),
    // Adds nothing to texts that have everything already.
    ...(raw ? { template: "empty" } : {}),
    learning_rate: settings.learning_rate,
    num_train_epochs: settings.num_train_epochs,
    weight_decay: settings.weight_decay,
    warmup_ratio: settings.warmup_ratio,
    lr_scheduler_type: schedulerName(settings),
    max_grad_norm: settings.max_grad_norm,
    lora_rank: settings.lora_r,
    lora_alpha: settings.lora_alpha,
    lora_target: settings.target_modules.join(","),
    lora_dropout: 0,
    cutoff_len: settings.max_length,
    per_device_train_batch_size: settings.batch_size,
    // One row for each reply: the loss is on the last turn only.
    ...(reads.includes("beta") ? { pref_beta: beta } : { mask_history: true }),
    ...(reads.includes("desirable_weight")
      ? { kto_chosen_weight: desirable_weight, kto_rejected_weight: undesirable_weight }
      : {}),
  };
  return {
    rows: `${jsonOf(raw ? rawRows(data, raw) : rowsOf(data))}\n`,
    info: `${JSON.stringify({ candor: describe(methods[data.method].rows) }, null, 2)}\n`,
    config,
  };
}

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? wellFormed(part) : part), 1);

function rawRows(data: PreferenceData, raw: readonly RawRow[]): unknown[] {
  const reply = (content: string | undefined) => ({ role: "assistant", content });
  return data.rows.map((row, at) => {
    const { prompt, completions } = raw[at]!;
    const asked = { role: "user", content: prompt };
    if ("chosen" in row)
      return { messages: [asked], chosen: reply(completions[0]), rejected: reply(completions[1]) };
    const label = "label" in row ? { label: row.label } : {};
    return { messages: [asked, reply(completions[0])], ...label };
  });
}

function rowsOf(data: PreferenceData): unknown[] {
  const of = kindOfRows(data);
  switch (of.kind) {
    case "reply":
      return of.rows.map(({ prompt, completion }) => ({ messages: [...prompt, ...completion] }));
    case "labelled":
      return of.rows.map(({ prompt, completion, label }) => ({
        messages: [...prompt, ...completion],
        label,
      }));
    case "pair":
      return of.rows.map(({ prompt, chosen, rejected }) => ({
        messages: prompt,
        chosen: chosen[0],
        rejected: rejected[0],
      }));
  }
}

function describe(rows: RowKind): Record<string, unknown> {
  return {
    file_name: "train.json",
    formatting: "sharegpt",
    ...(rows === "pair" ? { ranking: true } : {}),
    columns: {
      messages: "messages",
      ...(rows === "labelled" ? { kto_tag: "label" } : {}),
      ...(rows === "pair" ? { chosen: "chosen", rejected: "rejected" } : {}),
    },
    tags: {
      role_tag: "role",
      content_tag: "content",
      user_tag: "user",
      assistant_tag: "assistant",
      system_tag: "system",
    },
  };
}
