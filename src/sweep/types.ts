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
  | { status: "failed"; error: string }
);

export type ExecutorHooks = {
  onEvent: (hash: string, event: RunEvent) => void;
  /** Told of each job as it ends. */
  onOutcome: (outcome: JobOutcome) => void;
  /** Aborting stops jobs cleanly: those not done come back as interrupted. */
  signal?: AbortSignal;
};

/** Where jobs run. Ends when every job has its outcome; throws only if it cannot work at all. */
export type Executor = (jobs: readonly Job[], hooks: ExecutorHooks) => Promise<void>;

/** What a sweep tells a progress display. */
export type SweepEvent =
  | { type: "sweep"; folder: string; jobs: readonly Job[]; done: readonly string[] }
  | { type: "run"; hash: string; event: RunEvent }
  /** `final: false` for a failure that will be tried again. */
  | { type: "job"; outcome: JobOutcome; final: boolean };
