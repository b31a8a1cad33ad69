import type { PreferenceData } from "../preference/types.js";

/** Hyperparameters under TRL's and PEFT's names. */
export type TrainingSettings = {
  learning_rate: number;
  num_train_epochs: number;
  batch_size: number;
  /** Longest row in tokens; longer ones lose the oldest part of their prompt. */
  max_length: number;
  weight_decay: number;
  warmup_ratio: number;
  lr_scheduler_type: "constant" | "linear" | "cosine";
  max_grad_norm: number;
  lora_r: number;
  lora_alpha: number;
  target_modules: string[];
  /** KTO and DPO: strength of the pull to the reference policy. */
  beta: number;
  desirable_weight: number;
  undesirable_weight: number;
};

export type TrainingProgress = {
  step: number;
  steps: number;
  loss: number;
  learning_rate: number;
  grad_norm: number;
};

export type TrainingRequest = {
  data: PreferenceData;
  /** The initial checkpoint (a folder in Hugging Face layout): base weights, and the reference policy of KTO and DPO. */
  base: string;
  /** Adapter folder to go on from; null starts a fresh adapter (the initial policy). */
  adapter: string | null;
  settings: TrainingSettings;
  /** Name of the random stream for adapter initialisation and row order. */
  seed: string;
  /** Folder for the trainer's own files (resume state, logs). */
  workdir: string;
  /** Folder the new adapter is written to (PEFT layout), whole or not at all. */
  output: string;
  /** Threads of the embedded engine; results do not depend on it. */
  threads?: number;
  onProgress?: (progress: TrainingProgress) => void;
  signal?: AbortSignal;
};

export type TrainingReport = {
  steps: number;
  rows: number;
  tokens: number;
  loss_first: number;
  loss_last: number;
};

/** Turns preference data into the next checkpoint. Resumable: called again with the same request it goes on. */
export type Trainer = (request: TrainingRequest) => Promise<TrainingReport>;
