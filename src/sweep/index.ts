export { type GridOptions, gridFilter, loadGrid } from "./axes.js";
export { collectSweep, playShare, type ShareOptions } from "./collect.js";
export { sweepHash } from "./jobs.js";
export { localExecutor } from "./local.js";
export { type Plan, type PlanOptions, planSweep } from "./plan.js";
export { queueAddress, queueExecutor, type ServeOptions, serveQueue } from "./queue/index.js";
export { type SubmitOptions, type Submitted, submitSweep } from "./slurm/submit.js";
export { type SweepOptions, type SweepResult, sweep } from "./sweep.js";
export type { Executor, ExecutorHooks, Job, JobOutcome, SweepEvent } from "./types.js";
