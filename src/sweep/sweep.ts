import { setTimeout as sleep } from "node:timers/promises";
import type { Observation } from "../drift/index.js";
import type { Permissions } from "../permissions/index.js";
import { type GivenOptions, lockFolder, makeFolder, runPaths, writeDrift } from "../runs/index.js";
import type { Scenario } from "../scenario/index.js";
import { checkSweep, clearOtherwise, doneJobs, jobsOf, recordSweep } from "./jobs.js";
import { localExecutor } from "./local.js";
import { readAll } from "./observations.js";
import type { Executor, Job, JobOutcome, SweepEvent } from "./types.js";

export type SweepOptions = {
  /** The sweep's folder; made if missing, gone on from if it holds the same sweep. */
  folder: string;
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** What the user lets the scenario do that a stranger's may not; nothing if absent. */
  permissions?: Permissions;
  /** What `candor sweep` was given beside the scenario, which is kept to say how the sweep is gone on with; no command did if absent. */
  given?: GivenOptions;
  /** Plays anew what was begun with other contents of what the scenario names; what it holds is deleted. */
  anew?: boolean;
  /** Where the runs are played; processes of this machine, one a core, if absent. */
  executor?: Executor;
  onEvent?: (event: SweepEvent) => void;
  /** Aborting stops cleanly; the same call goes on from there. */
  signal?: AbortSignal;
  /** Plays only a part of the grid; what is done of the rest counts all the same. */
  only?: (job: Job) => boolean;
  /** Waits before failed runs are tried again; by default by the clock, or until the signal. */
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export type SweepResult = {
  folder: string;
  scenario: Scenario;
  /** Every probe of every finished run. Runs that differ by more than bias, method and seed have scenario names of their own. */
  observations: Observation[];
  finished: Job[];
  /** Runs that failed whenever they were tried, each with its cause and the log to read. */
  failed: { job: Job; error: string; log: string }[];
  interrupted: boolean;
};

/**
 * Plays every run of a scenario's grid that is not done yet and estimates all drift curves together. A run that fails is
 * tried again after the others; one that fails each time is reported and does not stop the rest. Throws a UserError on a
 * bad scenario before anything is written.
 */
export async function sweep(scenario: Scenario, options: SweepOptions): Promise<SweepResult> {
  const { folder, scenarioPath, executor = localExecutor(), onEvent = () => {}, only = () => true } = options;
  const jobs = jobsOf(scenario, folder, scenarioPath);
  const checked = await checkSweep(scenario, jobs, options);

  await makeFolder(folder);
  const unlock = await lockFolder(folder);
  try {
    await recordSweep(scenario, jobs, checked, options);
    if (options.anew) await clearOtherwise(jobs, checked);
    const done = await doneJobs(jobs, checked);
    const wanted = jobs.filter(only);
    onEvent({
      type: "sweep",
      folder,
      jobs: wanted,
      done: wanted.map(({ hash }) => hash).filter((hash) => done.has(hash)),
    });
    const outcomes = await playAll(
      wanted.filter(({ hash }) => !done.has(hash)),
      { ...options, executor, onEvent },
    );
    // Asked of the disk again, so that runs that another machine played with other models are noticed.
    const doneNow = await doneJobs(jobs, checked);
    const finished = jobs.filter(({ hash }) => doneNow.has(hash));
    const observations = await readAll(finished);
    await writeDrift(folder, observations);
    return {
      folder,
      scenario,
      observations,
      finished,
      failed: jobs.flatMap((job) => failure(job, outcomes.get(job.hash))),
      interrupted: jobs.some(({ hash }) => outcomes.get(hash)?.status === "interrupted"),
    };
  } finally {
    await unlock();
  }
}

type PlayOptions = Pick<SweepOptions, "folder" | "permissions" | "signal" | "wait"> &
  Required<Pick<SweepOptions, "executor" | "onEvent">>;

/** How often a run is tried in all. */
const TRIES = 3;
/** How much longer each pause is than the one before. */
const LONGER = 4;
const FIRST_PAUSE_MS = 2_000;

const byTheClock: NonNullable<SweepOptions["wait"]> = (ms, signal) =>
  // An abort ends the pause; what it means is for the caller to see.
  sleep(ms, undefined, { signal }).catch(() => {});

/** Plays jobs and, after pauses that grow, those again that failed. */
export async function playAll(
  jobs: readonly Job[],
  { folder, permissions, executor, onEvent, signal, wait = byTheClock }: PlayOptions,
): Promise<Map<string, JobOutcome>> {
  const outcomes = new Map<string, JobOutcome>();
  const attempt = async (some: readonly Job[], last: boolean): Promise<void> => {
    await executor(some, {
      folder,
      permissions,
      signal,
      onEvent: (hash, event) => onEvent({ type: "run", hash, event }),
      onOutcome: (outcome) => {
        outcomes.set(outcome.hash, outcome);
        onEvent({ type: "job", outcome, final: last || !mayHelp(outcome) });
      },
    });
  };
  let todo = jobs;
  for (let tried = 1; todo.length > 0; tried += 1) {
    await attempt(todo, tried === TRIES);
    todo = jobs.filter(({ hash }) => mayHelp(outcomes.get(hash)));
    if (tried === TRIES || todo.length === 0) break;
    if (!signal?.aborted) await wait(FIRST_PAUSE_MS * LONGER ** (tried - 1), signal);
    if (signal?.aborted) break;
  }
  return outcomes;
}

/** Whether to try again may help. */
const mayHelp = (outcome: JobOutcome | undefined): boolean => outcome?.status === "failed" && !outcome.fatal;

function failure(job: Job, outcome: JobOutcome | undefined): SweepResult["failed"] {
  return outcome?.status === "failed" ? [{ job, error: outcome.error, log: runPaths(job.folder).log }] : [];
}
