export { createGenerator, type Generator, type GeneratorOptions } from "./generator.js";
export type { GenerateRequest, GenerateResult, GeneratorStatistics, ScoreRequest } from "./types.js";
