import { type ChildProcess, fork } from "node:child_process";
import { allowing, inherited } from "../environment.js";
import type { RateLimiter } from "../models/index.js";
import { packageFile } from "../package-root.js";
import type { Permissions } from "../permissions/index.js";
import { type Gpus, gpusAsEnvironment } from "../program/index.js";
import type { ExecutorHooks, Job, JobOutcome } from "./types.js";
import type { FromWorker, ToWorker } from "./worker.js";

/** A process of this machine that plays one job after another, with one engine thread. It ends with its parent. */
export type WorkerProcess = ChildProcess;

/** `permissions` are what its jobs may do, `gpus` where their trainers are placed. */
export function startProcess(permissions: Permissions, gpus?: Gpus): WorkerProcess {
  // The built file also when this module runs from source, as it does under vitest: Node cannot run TypeScript.
  return fork(packageFile("dist/sweep/worker.js"), [], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    // There is a process for each core: threads that help one to collect its garbage take the cores of the others.
    env: inherited({ ...allowing(permissions), ...gpusAsEnvironment(gpus) }),
    execArgv: [...process.execArgv, "--single-threaded-gc"],
  });
}

/** Lets a process play a job. Never throws: a process that dies gives a failed outcome that says how. */
export function playIn(
  worker: WorkerProcess,
  job: Job,
  { onEvent, signal, rateLimiter }: Pick<ExecutorHooks, "onEvent" | "signal"> & { rateLimiter: RateLimiter },
): Promise<JobOutcome> {
  return new Promise((resolve) => {
    let complaints = "";
    const listen = (chunk: Buffer): void => {
      complaints = (complaints + chunk.toString()).slice(-2_000);
    };
    const abort = (): void => send(worker, { type: "abort" });
    const receive = (message: FromWorker): void => {
      if (message.type === "event") onEvent(job.hash, message.event);
      else if (message.type === "outcome") finish(message.outcome);
      else void answer(worker, message, rateLimiter);
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
    if (signal?.aborted) abort();
  });
}

/** Asks the shared limiter on a worker's behalf. */
async function answer(
  worker: WorkerProcess,
  { id, server, ...wish }: FromWorker & { type: "rate" },
  rateLimiter: RateLimiter,
): Promise<void> {
  const asking =
    "everyMs" in wish
      ? rateLimiter.acquire(server, wish.everyMs)
      : rateLimiter.coolDown(server, wish.coolDownMs);
  // Fails only where the connection was closed because this worker is to end; nobody may wait for it then.
  send(worker, { type: "rate", id, ms: (await asking.catch(() => {})) ?? 0 });
}

/** A message to a process that is just dying is lost; its `exit` tells what became of it. */
function send(worker: WorkerProcess, message: ToWorker): void {
  worker.send(message, () => {});
}
