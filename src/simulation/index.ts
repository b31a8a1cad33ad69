export { type Cast, type PrepareOptions, prepare } from "./cast.js";
export { isEvaluated } from "./evaluate.js";
export type { OnEvent, RunEvent, Spent, Stage } from "./events.js";
export { hashInputs } from "./inputs.js";
export { languageOf, shippedProbes } from "./probes-file.js";
export { type RunOptions, type RunResult, run } from "./run.js";
