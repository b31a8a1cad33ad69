export { baseResults } from "./base-results.js";
export { isEvaluated } from "./evaluate.js";
export type { RunEvent, Spent, Stage } from "./events.js";
export { previewLogs } from "./logged.js";
export { type RunOptions, type RunResult, run } from "./run.js";

export { tryOut } from "./try-out.js";
