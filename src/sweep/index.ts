export { gridFilter, loadGrid, unreached } from "./axes.js";
export { collectSweep, playShare } from "./collect.js";
export { sweepHash } from "./jobs.js";
export { localExecutor } from "./local.js";
export { type Plan, planSweep } from "./plan.js";
export { queueExecutor, serveQueue } from "./queue/index.js";
export { type Submitted, submitSweep } from "./slurm/submit.js";
export { type SweepOptions, type SweepResult, sweep } from "./sweep.js";
export type { Executor, Job, JobOutcome, SweepEvent } from "./types.js";
