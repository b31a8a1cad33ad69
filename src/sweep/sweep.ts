import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import writeFileAtomic from "write-file-atomic";
import type { Observation } from "../drift/index.js";
import { loadPersonas } from "../population/index.js";
import { expandSweep, type Scenario } from "../scenario/index.js";
import {
  type Cast,
  checkInputs,
  lockFolder,
  makeFolder,
  prepare,
  readManifest,
  readObservations,
  runPaths,
  writeDrift,
} from "../simulation/index.js";
import { localExecutor } from "./local.js";
import { cellName } from "./name.js";
import type { Executor, Job, JobOutcome, SweepEvent } from "./types.js";

export type SweepOptions = {
  /** The sweep's folder; made if missing, gone on from if it holds the same sweep. */
  folder: string;
  /** The scenario's file: what it names is looked up beside it first. */
  scenarioPath: string;
  /** Where the runs are played; processes of this machine, one a core, if absent. */
  executor?: Executor;
  onEvent?: (event: SweepEvent) => void;
  /** Aborting stops cleanly; the same call goes on from there. */
  signal?: AbortSignal;
  /** Pause before failed runs are tried again; 2 s if absent. */
  backOffMs?: number;
};

export type SweepResult = {
  folder: string;
  /** Every probe of every finished run. Runs that differ by more than bias, method and seed have scenario names of their own. */
  observations: Observation[];
  finished: Job[];
  /** Runs that failed twice, each with its cause and the log to read. */
  failed: { job: Job; error: string; log: string }[];
  interrupted: boolean;
};

/** Names a sweep: ten hexadecimal digits of what its runs compute. */
export function sweepHash(scenario: Scenario): string {
  const runs = expandSweep(scenario).map(({ hash }) => hash);
  return createHash("sha256").update(runs.join("\n")).digest("hex").slice(0, 10);
}

/**
 * Plays every run of a scenario's grid that is not done yet and estimates all drift curves together. A run that fails is
 * tried once more after the others; one that fails again is reported and does not stop the rest. Throws a UserError on a
 * bad scenario before anything is written.
 */
export async function sweep(scenario: Scenario, options: SweepOptions): Promise<SweepResult> {
  const { folder, scenarioPath, executor = localExecutor(), onEvent = () => {} } = options;
  const jobs: Job[] = expandSweep(scenario).map(({ hash, scenario, axes }) => ({
    hash,
    scenario,
    scenarioPath,
    axes,
    folder: join(folder, "cells", hash),
  }));
  const inputs = await checkJobs(jobs);

  await makeFolder(folder);
  const unlock = await lockFolder(folder);
  try {
    await writeFileAtomic(join(folder, "sweep.json"), manifest(scenario, jobs));
    const done = await doneJobs(jobs, inputs);
    onEvent({ type: "sweep", folder, jobs, done: [...done] });
    const outcomes = await playAll(
      jobs.filter(({ hash }) => !done.has(hash)),
      { ...options, executor, onEvent },
    );
    const finished = jobs.filter(({ hash }) => done.has(hash) || outcomes.get(hash)?.status === "done");
    const observations = await readAll(finished);
    await writeDrift(folder, observations);
    return {
      folder,
      observations,
      finished,
      failed: jobs.flatMap((job) => failure(job, outcomes.get(job.hash))),
      interrupted: jobs.some(({ hash }) => outcomes.get(hash)?.status === "interrupted"),
    };
  } finally {
    await unlock();
  }
}

/** Plays jobs and, after a pause, once more those that failed. */
async function playAll(
  jobs: readonly Job[],
  {
    folder,
    executor,
    onEvent,
    signal,
    backOffMs = 2_000,
  }: SweepOptions & Required<Pick<SweepOptions, "executor" | "onEvent">>,
): Promise<Map<string, JobOutcome>> {
  const outcomes = new Map<string, JobOutcome>();
  const attempt = async (some: readonly Job[], last: boolean): Promise<void> => {
    await executor(some, {
      folder,
      signal,
      onEvent: (hash, event) => onEvent({ type: "run", hash, event }),
      onOutcome: (outcome) => {
        outcomes.set(outcome.hash, outcome);
        onEvent({ type: "job", outcome, final: last || outcome.status !== "failed" });
      },
    });
  };
  if (jobs.length > 0) await attempt(jobs, false);
  const again = jobs.filter(({ hash }) => outcomes.get(hash)?.status === "failed");
  if (again.length > 0 && !signal?.aborted) {
    await sleep(backOffMs, undefined, { signal }).catch(() => {});
    await attempt(again, true);
  }
  return outcomes;
}

/** The observations of the finished runs, in the order of the grid. */
async function readAll(finished: readonly Job[]): Promise<Observation[]> {
  const all: Observation[] = [];
  for (const { folder, scenario, scenarioPath, axes } of finished) {
    const personas = loadPersonas(Object.keys(scenario.population.personas), scenarioPath);
    const name = cellName(scenario.name, axes);
    for (const seen of await readObservations(folder, { scenario, personas }))
      all.push({ ...seen, scenario: name });
  }
  return all;
}

/** The jobs whose runs are done. Throws a UserError if a run was begun with other inputs. */
async function doneJobs(
  jobs: readonly Job[],
  inputs: ReadonlyMap<string, Cast["inputs"]>,
): Promise<Set<string>> {
  const done = new Set<string>();
  for (const { hash, folder } of jobs) {
    const manifest = await readManifest(runPaths(folder));
    if (!manifest) continue;
    checkInputs(folder, manifest, inputs.get(hash)!);
    if (manifest.status === "done") done.add(hash);
  }
  return done;
}

function failure(job: Job, outcome: JobOutcome | undefined): SweepResult["failed"] {
  return outcome?.status === "failed" ? [{ job, error: outcome.error, log: runPaths(job.folder).log }] : [];
}

/**
 * Finds here, not in a worker after an hour, what is wrong with what the jobs name; gives the hashes of their inputs.
 * Jobs that name the same are looked at once.
 */
async function checkJobs(jobs: readonly Job[]): Promise<Map<string, Cast["inputs"]>> {
  const known = new Map<string, Cast["inputs"]>();
  const byJob = new Map<string, Cast["inputs"]>();
  for (const { hash, scenario, scenarioPath } of jobs) {
    const { models, situations, population, evaluation, training } = scenario;
    const personas = Object.keys(population.personas);
    const key = JSON.stringify([models, situations, personas, evaluation, training.trainer, training.method]);
    if (!known.has(key)) {
      const cast = await prepare(scenario, { scenarioPath });
      await cast.release();
      known.set(key, cast.inputs);
    }
    byJob.set(hash, known.get(key)!);
  }
  return byJob;
}

function manifest(scenario: Scenario, jobs: readonly Job[]): string {
  const cells = jobs.map(({ hash, axes, scenario: { seed } }) => ({
    hash,
    axes,
    seed,
    folder: `cells/${hash}`,
  }));
  return `${JSON.stringify({ scenario, cells }, null, 2)}\n`;
}
