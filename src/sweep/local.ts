import { availableParallelism } from "node:os";
import { localRateLimiter, type RateLimiter } from "../models/index.js";
import { NOTHING } from "../permissions/index.js";
import type { Gpus } from "../program/index.js";
import { playIn, startProcess, type WorkerProcess } from "./process.js";
import type { Executor, Job } from "./types.js";

/**
 * Runs jobs in processes of this machine, each with one engine thread: runs are independent, so more processes use the
 * cores better than more threads. A process that dies takes only its job with it; the next job gets a new one, as after any
 * failure. They share one rateLimiter, and the cards that their trainers are placed on.
 */
export function localExecutor(
  workers: number = availableParallelism(),
  rateLimiter: RateLimiter = localRateLimiter(),
  gpus?: Gpus,
): Executor {
  return async (jobs, hooks) => {
    const waiting = [...jobs];
    const lane = async (): Promise<void> => {
      let worker: WorkerProcess | undefined;
      let job: Job | undefined;
      for (job = next(waiting, job); job; job = next(waiting, job)) {
        if (hooks.signal?.aborted) {
          hooks.onOutcome({ hash: job.hash, status: "interrupted" });
          continue;
        }
        if (!worker?.connected) worker = startProcess(hooks.permissions ?? NOTHING, gpus);
        const outcome = await playIn(worker, job, { ...hooks, rateLimiter });
        // What made it fail (no memory left, a library in disorder) may be the process itself.
        if (outcome.status === "failed" && worker.connected) worker.disconnect();
        hooks.onOutcome(outcome);
      }
      if (worker?.connected) worker.disconnect();
    };
    await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, lane));
  };
}

/**
 * Takes the job that a process plays after `before`: one of the same seed if there is one, whose untrained assistant it has just
 * evaluated, and else the first.
 */
function next(waiting: Job[], before: Job | undefined): Job | undefined {
  const alike = waiting.findIndex(({ scenario: { seed } }) => seed === before?.scenario.seed);
  return waiting.splice(Math.max(0, alike), 1)[0];
}
