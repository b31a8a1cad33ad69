export { type Cast, type PrepareOptions, prepare } from "./cast.js";
export { readObservations, writeDrift } from "./drift.js";
export type { OnEvent, RunEvent, Stage } from "./events.js";
export { makeFolder, type RunPaths, runPaths } from "./folder.js";
export { readJsonl } from "./jsonl.js";
export { lockFolder } from "./lock.js";
export { type RunManifest, type RunStatus, readManifest } from "./manifest.js";
export type { RoundSummary } from "./round.js";
export { type RunOptions, type RunResult, run } from "./run.js";
