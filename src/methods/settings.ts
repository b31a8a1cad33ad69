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
  /** KTO and DPO: the policy they compare with, the initial one (also if absent) or the one that the training starts from. */
  reference?: "initial" | "previous";
  /** Methods that draw replies: how many to a prompt; 4 for the best of n and 2 for RLOO if absent. */
  num_generations?: number;
  /** RLOO: optimiser steps that replies drawn at one time serve; 1 if absent. */
  steps_per_generation?: number;
  /** RLOO: how far from 1 the ratio to the policy that drew a reply may go; 0.2 if absent. */
  epsilon?: number;
  /** How a reward model learns. */
  reward_model?: { learning_rate: number; num_train_epochs: number };
  /** KTO: its own loss (also if absent), or that with the reference point at 0. */
  loss_type?: "kto" | "apo_zero_unpaired";
};
