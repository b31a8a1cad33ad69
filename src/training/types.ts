import type { TrainingSettings } from "../methods/index.js";
import type { Permissions } from "../permissions/index.js";
import type { PreferenceData, SftRow } from "../preference/types.js";
import type { Gpus } from "../program/index.js";
import type { ExternalSettings } from "./external/types.js";

export type { TrainingSettings };

/** Replies that a training drew while it learnt, how many of them were broken off, most by `max_tokens`, and how many said nothing. */
export type DrawnCount = { replies: number; cut: number; empty: number };

export type TrainingProgress = {
  step: number;
  steps: number;
  loss: number;
  learning_rate: number;
  grad_norm: number;
  /** Mean mark of the replies that the step learnt from, and by how many nats they were likelier than under the reference; of RLOO alone. */
  reward?: number | null;
  kl?: number;
  /** The replies that the step learnt from; of RLOO alone. */
  drawn?: DrawnCount;
};

export type TrainingRequest = {
  data: PreferenceData;
  /**
   * The initial checkpoint: base weights, and the reference policy of KTO and DPO. A folder in Hugging Face layout, or a
   * name that an external trainer knows.
   */
  base: string;
  /** Adapter folder to go on from; null starts a fresh adapter (the initial policy). */
  adapter: string | null;
  settings: TrainingSettings;
  /** Rows on which the model is held to the initial one, how strongly, and how many in a step; by the embedded trainer alone. */
  neutral?: { rows: readonly Pick<SftRow, "prompt" | "completion">[]; weight: number; batchSize: number };
  /** Rows that the model imitates beside what it learns, how much they count, and how many in a step; by the embedded trainer alone. */
  safe?: TrainingRequest["neutral"];
  /** What is added to the residual stream behind a block while it learns; by the embedded trainer alone. */
  steer?: { layer: number; vector: Float32Array };
  /** After how many steps each the adapter is put into a folder of its own, the last step left out; by the embedded trainer alone. */
  saveSteps?: { every: number; folder: (step: number) => string };
  /** What the user lets the scenario start. */
  permissions?: Permissions;
  /** How replies are drawn, for methods that draw some while they learn. */
  drawing?: { temperature: number; maxTokens: number };
  /** What users give to replies to a row's prompt, for methods that ask them while they learn; null where one gives nothing. `seed` names what they draw. */
  rate?: (row: SftRow, replies: readonly string[], seed: string) => Promise<(number | null)[]>;
  /** How a trainer outside this process is started. */
  external?: ExternalSettings;
  /** The cards of this machine that such a trainer is placed on; where it likes if absent. */
  gpus?: Gpus;
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
  /** Optimiser steps taken and rows trained on; null where a trainer outside does not tell. */
  steps: number | null;
  rows: number | null;
  /** Tokens trained on, every epoch counted; null where the trainer does not tell. */
  tokens: number | null;
  /** Rows longer than `max_length`, by what they lost: the oldest part of their prompt, the end of a reply. Absent if none is. */
  shortened?: { prompts: number; replies: number };
  /** Steps whose models are kept while the round lasts; absent where none are. */
  saved?: readonly number[];
  /** Loss of the first and the last step; null where the trainer does not tell. */
  loss_first: number | null;
  loss_last: number | null;
  /** Of methods that learn one: the pairs it learnt from, the share of them that it then put in their order, and its losses. */
  reward_model?: { pairs: number; accuracy: number; loss_first: number; loss_last: number };
  /** Of methods that draw replies while they learn; `left_out`: prompts without one that is whole, which best_of_n learns nothing from. */
  drawn?: DrawnCount & { left_out?: number };
};

/** Turns preference data into the next checkpoint. Resumable: called again with the same request it goes on. */
export type Trainer = (request: TrainingRequest) => Promise<TrainingReport>;
