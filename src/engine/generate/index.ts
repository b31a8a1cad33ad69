export {
  createGenerator,
  isSmallCheckpoint,
  openGenerator,
} from "./generator.js";
export type {
  Alternative,
  GenerateRequest,
  GenerateResult,
  Generator,
  ScoreRequest,
  ScoreResult,
} from "./types.js";
