export { createGenerator, type Generator, type GeneratorOptions, openGenerator } from "./generator.js";
export type { GenerateRequest, GenerateResult, GeneratorStatistics, ScoreRequest } from "./types.js";
