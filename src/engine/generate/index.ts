export {
  createGenerator,
  type Generator,
  type GeneratorOptions,
  isSmallCheckpoint,
  openGenerator,
} from "./generator.js";
export type {
  Alternative,
  GenerateRequest,
  GenerateResult,
  GeneratorStatistics,
  ScoreRequest,
  ScoreResult,
} from "./types.js";
