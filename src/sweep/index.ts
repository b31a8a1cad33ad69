export { localExecutor } from "./local.js";
export { cellName } from "./name.js";
export { queueAddress, queueExecutor, type ServeOptions, serveQueue } from "./queue/index.js";
export { type SweepOptions, type SweepResult, sweep, sweepHash } from "./sweep.js";
export type { Executor, ExecutorHooks, Job, JobOutcome, SweepEvent } from "./types.js";
