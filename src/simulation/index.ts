export { isEvaluated } from "./evaluate.js";
export type { OnEvent, RunEvent, Spent, Stage } from "./events.js";
export { type RunOptions, type RunResult, run } from "./run.js";
export { probedBy, type SetUpOptions, type Setup, setUp } from "./setup.js";
export { tryOut } from "./try-out.js";
