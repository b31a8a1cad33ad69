export { localExecutor } from "./local.js";
export { cellName, type SweepOptions, type SweepResult, sweep, sweepHash } from "./sweep.js";
export type { Executor, Job, JobOutcome, SweepEvent } from "./types.js";
