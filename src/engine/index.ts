export {
  type Adapter,
  adapterNames,
  loadAdapter,
  mergeAdapter,
  saveAdapter,
} from "./files/adapter.js";
export type { AdapterConfig } from "./files/adapter-config.js";
export { type Checkpoint, loadCheckpoint, saveCheckpoint } from "./files/checkpoint.js";
export {
  type Llama3RopeScaling,
  type LlamaConfig,
  type ModelFamily,
  parseLlamaConfig,
} from "./files/config.js";
export { checkWeightsFile } from "./files/finite.js";
export { hashWeights, readSafetensors, writeSafetensors } from "./files/safetensors.js";
export { LINEAR_MODULES, type LinearModule, parameterCount, weightShapes } from "./files/weight-shapes.js";
export { cloneWeights, type Weight, type Weights } from "./files/weights.js";
export {
  type Alternative,
  createGenerator,
  type GenerateRequest,
  type GenerateResult,
  type Generator,
  type GeneratorOptions,
  type GeneratorStatistics,
  isSmallCheckpoint,
  openGenerator,
  type ScoreRequest,
  type ScoreResult,
} from "./generate/index.js";
export { initAdapter, initLlama } from "./llama/init.js";
export { type ChatOptions, loadTokenizer, type Tokenizer } from "./tokenizer/index.js";
export { AdamW, type AdamWOptions, type OptimizerState } from "./train/adamw.js";
export { createFullTrainer, type FullTrainer, type PackedRow } from "./train/full-trainer.js";
export { Scorer, type Sequence, sequenceLogProbs } from "./train/log-probs.js";
export {
  createLoraTrainer,
  type LabelledRow,
  type LoraTrainer,
  type LossSettings,
  type PairRow,
} from "./train/lora-trainer.js";
export type { OptimizationOptions, StepResult } from "./train/optimization.js";
export { learningRateAt, type Schedule, warmupStepsOf } from "./train/schedule.js";
