import { join } from "node:path";
import { UserError } from "../../errors.js";
import { type MethodName, methods, type TrainingSettings } from "../../methods/index.js";
import { wellFormed } from "../../well-formed.js";
import { pythonYaml } from "./python-yaml.js";
import type { ExportedFiles, ExportRequest, RawRow } from "./types.js";

/**
 * Rows and settings for TRL's own command line, checked against TRL 1.16: `trl sft --config trl.yaml`, run in the folder of
 * these files. The data is conversational prompt-completion (KTO: with `label`; DPO: prompt, chosen, rejected), on which
 * TRL takes the loss over the completion alone.
 */
export function exportTrl(request: ExportRequest): ExportedFiles {
  refuseUnknown("TRL's files", request.data.method);
  const { rows, config } = trlFiles(request);
  return {
    "train.jsonl": rows,
    "trl.yaml": `# In this folder: trl ${request.data.method} --config trl.yaml\n${aboutLength(request)}${aboutReference(request)}${pythonYaml(config)}`,
  };
}

function aboutLength({ raw, settings: { max_length } }: ExportRequest): string {
  return raw
    ? `# Rows longer than ${max_length} tokens have lost the oldest part of their prompt: the rows are texts as the model reads them.\n`
    : `# A row longer than ${max_length} tokens would lose its end here, or be dropped: TRL cuts so.\n`;
}

function aboutReference({ settings, adapter }: ExportRequest): string {
  return settings.reference === "previous" && adapter
    ? "# The run compared with the adapter that this training goes on from; TRL's command line compares with the model without one.\n"
    : "";
}

/** Throws a UserError where a method is none that a trainer outside this process knows. */
export function refuseUnknown(files: string, method: MethodName): void {
  if (methods[method].embeddedOnly)
    throw new UserError(
      `${method} draws replies while it learns, which ${files} cannot say; the rows stand in preference.jsonl of the run's rounds`,
    );
}

/** Rows and settings for TRL, each by itself, for whoever adds to the settings. */
export function trlFiles({ data, raw, settings, model, seed, adapter, folder = "" }: ExportRequest): {
  rows: string;
  config: Record<string, unknown>;
} {
  return {
    rows: data.rows
      .map(({ source: _source, ...row }, at) => `${jsonOf(raw ? rawRow(row, raw[at]!) : row)}\n`)
      .join(""),
    config: {
      model_name_or_path: model,
      datasets: [{ path: "json", data_files: globbed(join(folder, "train.jsonl")), split: "train" }],
      output_dir: join(folder, "adapter"),
      seed,
      ...settingsOf(data.method, settings),
      // Weights, with a new optimiser; the reference policy stays the model without any adapter.
      ...(adapter ? { resume_from_checkpoint: adapter } : {}),
    },
  };
}

/** TRL takes the path for a pattern: what would be one is escaped, as Python's glob.escape does. */
const globbed = (path: string): string => path.replaceAll(/[*?[]/gu, "[$&]");

const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? wellFormed(part) : part));

/** A chat template that adds nothing, for texts that have everything already. */
const AS_IT_IS = "{% for message in messages %}{{ message['content'] }}{% endfor %}";

function rawRow(row: object, { prompt, completions: [first, second] }: RawRow): object {
  const reply = (content: string | undefined) => [{ role: "assistant", content }];
  return {
    ...row,
    prompt: [{ role: "user", content: prompt }],
    ...("chosen" in row ? { chosen: reply(first), rejected: reply(second) } : { completion: reply(first) }),
    chat_template_kwargs: { chat_template: AS_IT_IS },
  };
}

/** transformers' name for the course of the learning rate: its `constant` has no warm-up. */
export function schedulerName({ lr_scheduler_type, warmup_ratio }: TrainingSettings): string {
  return lr_scheduler_type === "constant" && warmup_ratio > 0 ? "constant_with_warmup" : lr_scheduler_type;
}

/** transformers reads a number from 1 on as steps; this, rounded up, is every step of any training. */
const ALL_STEPS = 1 - 1e-9;

/** Each setting by name: TRL's command line refuses any that it does not know. A few are called otherwise there. */
function settingsOf(method: MethodName, settings: TrainingSettings): Record<string, unknown> {
  return {
    use_peft: true,
    learning_rate: settings.learning_rate,
    num_train_epochs: settings.num_train_epochs,
    max_length: settings.max_length,
    weight_decay: settings.weight_decay,
    lr_scheduler_type: schedulerName(settings),
    max_grad_norm: settings.max_grad_norm,
    lora_r: settings.lora_r,
    lora_alpha: settings.lora_alpha,
    // PEFT's default is 0.05; ours has no drop-out.
    lora_dropout: 0,
    lora_target_modules: settings.target_modules,
    per_device_train_batch_size: settings.batch_size,
    // Below 1, transformers 5 reads it as a share of all steps.
    warmup_steps: Math.min(settings.warmup_ratio, ALL_STEPS),
    ...Object.fromEntries(methods[method].settings.map((name) => [name, settings[name]])),
  };
}
