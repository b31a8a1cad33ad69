export {
  type Adapter,
  adapterNames,
  loadAdapter,
  mergeAdapter,
  saveAdapter,
} from "./files/adapter.js";

export { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./files/checkpoint.js";
export {
  type LlamaConfig,
  parseLlamaConfig,
} from "./files/config.js";
export { checkWeightsFile } from "./files/finite.js";
export { hashWeights, readSafetensors, writeSafetensors } from "./files/safetensors.js";
export { parameterCount, weightShapes } from "./files/weight-shapes.js";
export type { Weights } from "./files/weights.js";
export {
  type Alternative,
  createGenerator,
  type GenerateRequest,
  type GenerateResult,
  type Generator,
  isSmallCheckpoint,
  openGenerator,
  type ScoreRequest,
  type ScoreResult,
} from "./generate/index.js";
export { initAdapter, initLlama } from "./llama/init.js";
export { loadTokenizer, type Tokenizer } from "./tokenizer/index.js";
export type { OptimizerState } from "./train/adamw.js";
export { createFullTrainer, type FullTrainer, type PackedRow } from "./train/full-trainer.js";
export { Scorer, type Sequence, sequenceLogProbs } from "./train/log-probs.js";
export {
  type Beside,
  createLoraTrainer,
  type DrawnRow,
  type LabelledRow,
  type LoraTrainer,
  type LossSettings,
  type Neutral,
  type PairRow,
} from "./train/lora-trainer.js";
export { createRewardTrainer, type RewardModel } from "./train/reward-trainer.js";
export { learningRateAt, type Schedule, warmupStepsOf } from "./train/schedule.js";
