import { type ChildProcess, fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { packageFile } from "../package-root.js";
import type { Executor, ExecutorHooks, Job, JobOutcome } from "./types.js";
import type { FromWorker, ToWorker } from "./worker.js";

/**
 * Runs jobs in processes of this machine, each with one engine thread: runs are independent, so more processes use the
 * cores better than more threads. A process that dies takes only its job with it; the next job gets a new one.
 */
export function localExecutor(workers: number = availableParallelism()): Executor {
  return async (jobs, hooks) => {
    const waiting = [...jobs];
    const lane = async (): Promise<void> => {
      let worker: ChildProcess | undefined;
      for (let job = waiting.shift(); job; job = waiting.shift()) {
        if (hooks.signal?.aborted) {
          hooks.onOutcome({ hash: job.hash, status: "interrupted" });
          continue;
        }
        if (!worker?.connected) worker = startWorker();
        hooks.onOutcome(await execute(worker, job, hooks));
      }
      if (worker?.connected) worker.disconnect();
    };
    await Promise.all(Array.from({ length: Math.min(workers, jobs.length) }, lane));
  };
}

function startWorker(): ChildProcess {
  // The built file also when this module runs from source, as it does under vitest: Node cannot run TypeScript.
  return fork(packageFile("dist/sweep/worker.js"), [], { stdio: ["ignore", "ignore", "pipe", "ipc"] });
}

function execute(worker: ChildProcess, job: Job, { onEvent, signal }: ExecutorHooks): Promise<JobOutcome> {
  return new Promise((resolve) => {
    let complaints = "";
    const listen = (chunk: Buffer): void => {
      complaints = (complaints + chunk.toString()).slice(-2_000);
    };
    const abort = (): void => send(worker, { type: "abort" });
    const receive = (message: FromWorker): void => {
      if (message.type === "event") onEvent(job.hash, message.event);
      else finish(message.outcome);
    };
    const leave = (code: number | null, killedBy: string | null): void => {
      if (signal?.aborted) {
        finish({ hash: job.hash, status: "interrupted" });
        return;
      }
      const how = killedBy ? `was killed by ${killedBy}` : `ended with code ${code}`;
      const last = complaints.trim().split("\n").at(-1);
      finish({
        hash: job.hash,
        status: "failed",
        error: `the worker process ${how}${last ? `: ${last}` : ""}`,
      });
    };
    const fail = (error: Error): void =>
      finish({ hash: job.hash, status: "failed", error: `no worker process: ${error.message}` });
    const finish = (outcome: JobOutcome): void => {
      worker.off("message", receive).off("exit", leave).off("error", fail);
      worker.stderr?.off("data", listen);
      signal?.removeEventListener("abort", abort);
      resolve(outcome);
    };
    worker.on("message", receive).on("exit", leave).on("error", fail);
    worker.stderr?.on("data", listen);
    signal?.addEventListener("abort", abort, { once: true });
    send(worker, { type: "job", job });
  });
}

/** A message to a process that is just dying is lost; its `exit` tells what became of it. */
function send(worker: ChildProcess, message: ToWorker): void {
  worker.send(message, () => {});
}
