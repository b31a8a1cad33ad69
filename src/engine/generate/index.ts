export {
  createGenerator,
  type GenerateRequest,
  type GenerateResult,
  type Generator,
  type GeneratorOptions,
  type GeneratorStatistics,
  type ScoreRequest,
} from "./generator.js";
