import type { Permissions } from "../permissions/index.js";
import type { AxisValue, Scenario } from "../scenario/index.js";
import type { RunEvent } from "../simulation/index.js";

/** One run of a sweep, as sent to whoever executes it. Plain data: it crosses process and machine borders. */
export type Job = {
  /** Names the run; a finished one is known by it. */
  hash: string;
  scenario: Scenario;
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** The run's folder. */
  folder: string;
  axes: Record<string, AxisValue>;
};

/** What became of a job. */
export type JobOutcome = { hash: string } & (
  | { status: "done" }
  | { status: "interrupted" }
  /** `inUse`: another process has the folder, so that waiting may help. `fatal`: it would fail so again, and is not tried again. */
  | { status: "failed"; error: string; inUse?: boolean; fatal?: boolean }
);

export type ExecutorHooks = {
  /** The sweep's folder, which this process holds; jobs' folders lie in it. */
  folder: string;
  onEvent: (hash: string, event: RunEvent) => void;
  /** Told of each job as it ends. */
  onOutcome: (outcome: JobOutcome) => void;
  /** What the user lets the jobs do on this machine; nothing if absent. Workers elsewhere have permissions of their own. */
  permissions?: Permissions;
  /** Aborting stops jobs cleanly: those not done come back as interrupted. */
  signal?: AbortSignal;
};

/**
 * Where jobs run. Ends when every job has had its outcome, each exactly one; throws only if it cannot work at all. A job that
 * is done has left its run in its folder with the status `done`. What is in a job's folder already is gone on from. May be
 * called again with jobs that it did not finish. `test/sweep/executor-contract.ts` holds all of them to this.
 */
export type Executor = (jobs: readonly Job[], hooks: ExecutorHooks) => Promise<void>;

/** What a sweep tells a progress display. */
export type SweepEvent =
  | { type: "sweep"; folder: string; jobs: readonly Job[]; done: readonly string[] }
  | { type: "run"; hash: string; event: RunEvent }
  /** `final: false` for a failure that will be tried again. */
  | { type: "job"; outcome: JobOutcome; final: boolean };
