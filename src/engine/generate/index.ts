export {
  createGenerator,
  type Generator,
  isSmallCheckpoint,
  openGenerator,
} from "./generator.js";
export type {
  Alternative,
  GenerateRequest,
  GenerateResult,
  ScoreRequest,
  ScoreResult,
} from "./types.js";
