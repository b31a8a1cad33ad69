import { NOTHING, type Permissions } from "../permissions/index.js";
import {
  LEVEL,
  lastLogLines,
  lockFolder,
  type RunStatus,
  readManifest,
  runPaths,
  writeDrift,
} from "../runs/index.js";
import { checkJobs, doneJobs, jobsIn } from "./jobs.js";
import { localExecutor } from "./local.js";
import { readAll } from "./observations.js";
import { shareOfRate } from "./rate-limiter.js";
import { playAll, type SweepResult } from "./sweep.js";
import type { Job, SweepEvent } from "./types.js";

/**
 * Estimates the drift curves of a sweep from what is on disk, without playing anything. Runs that are not done are in
 * `failed`. Throws a UserError if the folder holds no sweep or is in use.
 */
export async function collectSweep(folder: string, permissions: Permissions = NOTHING): Promise<SweepResult> {
  const { scenario, jobs } = await jobsIn(folder);
  const done = await doneJobs(jobs, await checkJobs(jobs, permissions));
  const unlock = await lockFolder(folder);
  try {
    const finished = jobs.filter(({ hash }) => done.has(hash));
    const observations = await readAll(finished);
    await writeDrift(folder, observations);
    const missing = jobs.filter(({ hash }) => !done.has(hash));
    const failed = await Promise.all(
      missing.map(async (job) => ({ job, error: await whyMissing(job), log: runPaths(job.folder).log })),
    );
    return { folder, scenario, observations, finished, failed, interrupted: false };
  } finally {
    await unlock();
  }
}

/** What the run's own files say. */
async function whyMissing({ folder }: Job): Promise<string> {
  const paths = runPaths(folder);
  let status: RunStatus | undefined;
  try {
    status = (await readManifest(paths))?.status;
  } catch (error) {
    return (error as Error).message;
  }
  if (status === undefined) return "not begun";
  if (status !== "failed") return status === "running" ? "begun, and not ended" : status;
  const log = await lastLogLines(folder);
  return log.findLast(({ level, err }) => level >= LEVEL.error && err)?.err?.message ?? "failed";
}

export type ShareOptions = {
  /** Which share of the grid, from 0, and of how many: cell n belongs to share n modulo `of`. */
  share: { index: number; of: number };
  /** How many shares are played at the same time, each at its part of every server's rate; all of them if absent. */
  atOnce?: number;
  /** Cells at the same time. */
  workers: number;
  /** What the user lets the scenario do; nothing if absent. */
  permissions?: Permissions;
  onEvent?: (event: SweepEvent) => void;
  signal?: AbortSignal;
};

/**
 * Plays a share of a sweep whose folder has been made, as an array job does, and leaves the estimates to `collectSweep`.
 * Returns what failed each time, and whether it was interrupted. Throws a UserError if the folder holds no sweep.
 */
export async function playShare(
  folder: string,
  { share, atOnce = share.of, workers, permissions = NOTHING, signal, onEvent = () => {} }: ShareOptions,
): Promise<Pick<SweepResult, "failed" | "interrupted">> {
  const { jobs } = await jobsIn(folder);
  const mine = jobs.filter((_job, index) => index % share.of === share.index);
  const done = await doneJobs(mine, await checkJobs(mine, permissions));
  onEvent({ type: "sweep", folder, jobs: mine, done: [...done] });
  const todo = mine.filter(({ hash }) => !done.has(hash));
  const executor = localExecutor(workers, shareOfRate(atOnce));
  const outcomes = await playAll(todo, { folder, permissions, signal, onEvent, executor });
  const failed = todo.flatMap((job) => {
    const outcome = outcomes.get(job.hash);
    return outcome?.status === "failed" ? [{ job, error: outcome.error, log: runPaths(job.folder).log }] : [];
  });
  return { failed, interrupted: [...outcomes.values()].some(({ status }) => status === "interrupted") };
}
