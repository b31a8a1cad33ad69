import { join, relative, resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Job as BullJob, WaitingError, Worker } from "bullmq";
import type { Redis } from "ioredis";
import { axesText } from "../../drift/index.js";
import type { RateLimiter } from "../../models/index.js";
import { packageBuild } from "../../package-root.js";
import { NOTHING, type Permissions } from "../../permissions/index.js";
import type { Gpus } from "../../program/index.js";
import type { RunEvent } from "../../simulation/index.js";
import { playIn, startProcess, type WorkerProcess } from "../process.js";
import type { Job, JobOutcome } from "../types.js";
import { queueAddress } from "./address.js";
import { connect, isRefusal, type OnNotice, queueTrouble } from "./connection.js";
import { sendParcel } from "./parcel.js";
import {
  isQueuedJob,
  parcelKey,
  QUEUE,
  type QueuedJob,
  type QueuedOutcome,
  type QueuedProgress,
  STOP_CHANNEL,
  seesFolder,
} from "./protocol.js";
import { redisRateLimiter } from "./rate-limiter.js";

// A worker's claim on a cell runs out 10 s after its last sign of life, and is looked at every 5 s by all the others: a
// worker that was killed is replaced within 15 s, or within 30 s if it held the folder from another machine (see lock.ts).
const LOCK = 10_000;
const STALLED = 5_000;
/** A cell that brings down whoever plays it must not go round for ever. */
const MOST_STALLS = 3;
/** How long to wait for a folder whose former holder has not noticed yet, in milliseconds. */
const HOLDER_GRACE = 30_000;
/** How long a server is left alone that refuses what a worker asks of it, in milliseconds. */
const REST = 2_000;
/** Least time between two progress events of a cell, in milliseconds. */
const TELL = 250;

export type ServeOptions = {
  /** Cells at the same time, each in a process of its own. */
  workers: number;
  /** Folder for the runs of sweeps whose own folder is not seen from this machine. */
  out: string;
  /** What the user lets the scenarios of the queue do on this machine; nothing if absent. */
  permissions?: Permissions;
  /** The cards of this machine that trainers are placed on. */
  gpus?: Gpus;
  /** Aborting hands cells that are not done back to the queue and returns. */
  signal: AbortSignal;
  onNotice?: OnNotice;
};

/** Plays cells of any sweep of a Redis queue until it is told to stop. Throws UserError if the queue cannot be reached. */
export async function serveQueue(url: string, options: ServeOptions): Promise<void> {
  const { workers, signal, onNotice = () => {} } = options;
  const address = queueAddress(url);
  const redis = await connect(address, onNotice);
  const stops = redis.duplicate();
  stops.on("error", () => {}); // told by the connection itself
  const stopped = new EventTarget();
  stops.on("message", (_channel, sweep: string) => stopped.dispatchEvent(new Event(sweep)));
  await stops.subscribe(STOP_CHANNEL);

  const idle: WorkerProcess[] = [];
  const play = async (
    bull: BullJob<QueuedJob>,
    token?: string,
    lost?: AbortSignal,
  ): Promise<QueuedOutcome> => {
    const error = refusal(bull.data);
    if (error !== null) return { hash: "", status: "failed", error };
    const { sweep } = bull.data;
    const stop = new AbortController();
    const abort = (): void => stop.abort();
    stopped.addEventListener(sweep, abort, { once: true });
    const process = idle.pop() ?? startProcess(options.permissions ?? NOTHING, options.gpus);
    let failed = true;
    try {
      const all = AbortSignal.any([signal, stop.signal, ...(lost ? [lost] : [])]);
      const outcome = await playCell(bull, process, all, { redis, ...options });
      failed = outcome.status === "failed";
      if (outcome.status === "interrupted" && !stop.signal.aborted && !lost?.aborted) {
        await bull.moveToWait(token);
        throw new WaitingError();
      }
      return outcome;
    } finally {
      stopped.removeEventListener(sweep, abort);
      // What made it fail may be the process itself.
      if (process.connected && failed) process.disconnect();
      else if (process.connected) idle.push(process);
    }
  };
  const worker = new Worker<QueuedJob, QueuedOutcome>(QUEUE, play, {
    connection: redis,
    concurrency: workers,
    lockDuration: LOCK,
    stalledInterval: STALLED,
    maxStalledCount: MOST_STALLS,
  });
  const told = new Set<string>();
  worker.on("completed", () => told.clear());
  worker.on("error", (error) => {
    const trouble = address.mask(queueTrouble(error));
    if (!told.has(trouble)) onNotice(trouble);
    told.add(trouble);
    if (isRefusal(error)) rest(worker, signal);
  });
  // Somebody else may have the cell by now: two must not write one folder.
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) worker.cancelJob(id, "another worker took over");
  });
  try {
    await worker.waitUntilReady();
    onNotice(`waiting for cells of ${address.shown}, ${workers} at the same time`);
    if (!signal.aborted) await new Promise((done) => signal.addEventListener("abort", done, { once: true }));
  } finally {
    await worker.close();
    for (const process of idle) process.disconnect();
    stops.disconnect();
    redis.disconnect();
  }
}

/** Leaves a server alone for a while that refuses to give out cells: BullMQ asks again thousands of times a second. */
function rest(worker: Worker, signal: AbortSignal): void {
  if (worker.isPaused() || signal.aborted) return;
  const pause = async (): Promise<void> => {
    await worker.pause(true);
    await sleep(REST, undefined, { signal });
    worker.resume();
  };
  // Whoever stops the worker closes it.
  pause().catch(() => {});
}

/** Why a cell cannot be played here; null if it can. */
function refusal(data: Partial<QueuedJob> | null): string | null {
  const candor = data?.candor;
  if (candor !== packageBuild())
    return `the sweep is of candor ${String(candor)}, this worker of ${packageBuild()}: use the same on all machines`;
  return isQueuedJob(data) ? null : "the queue holds a cell that candor has not made";
}

async function playCell(
  bull: BullJob<QueuedJob>,
  process: WorkerProcess,
  signal: AbortSignal,
  { redis, out, onNotice = () => {} }: ServeOptions & { redis: Redis },
): Promise<QueuedOutcome> {
  const { job, sweep, sweepFolder } = bull.data;
  const { hash } = job;
  const shared = await seesFolder(bull.data);
  const error = "the queue holds a cell whose folder is not in its sweep's";
  if (shared && !liesIn(job.folder, sweepFolder)) return { hash, status: "failed", error };
  const local: Job = shared ? job : { ...job, folder: join(out, sweep, hash) };
  const label = `${[job.scenario.name, axesText(job.axes)].join(" ").trimEnd()}, seed ${job.scenario.seed} (${hash})`;
  onNotice(`playing ${label}${shared ? "" : ` in ${local.folder}, to be sent back`}`);
  const hooks = { signal, onEvent: teller(bull), rateLimiter: redisRateLimiter(redis) };
  const outcome = await playWhenFree(process, local, hooks);
  onNotice(`${outcome.status} ${label}${outcome.status === "failed" ? `: ${outcome.error}` : ""}`);
  if (outcome.status !== "done" || shared) return outcome;
  await sendParcel(redis, parcelKey(bull.id!), local.folder);
  return { ...outcome, parcel: true };
}

function liesIn(path: string, folder: string): boolean {
  return relative(resolve(folder), resolve(path)).split(sep)[0] !== "..";
}

/** Plays a cell, whose folder its former worker may still have: one that lives but lost its claim notices soon. */
async function playWhenFree(
  process: WorkerProcess,
  job: Job,
  hooks: { signal: AbortSignal; onEvent: (hash: string, event: RunEvent) => void; rateLimiter: RateLimiter },
): Promise<JobOutcome> {
  const end = Date.now() + HOLDER_GRACE;
  for (;;) {
    const outcome = await playIn(process, job, hooks);
    const wait = outcome.status === "failed" && outcome.inUse && Date.now() < end && !hooks.signal.aborted;
    if (!wait) return outcome;
    await sleep(500);
  }
}

/** Tells the sweep how a run comes along; of its many small steps only some. */
function teller(bull: BullJob<QueuedJob>): (hash: string, event: RunEvent) => void {
  let told = 0;
  return (_hash, event) => {
    const now = Date.now();
    if (event.type === "progress" && now - told < TELL && event.done < event.total) return;
    told = now;
    // What is lost here costs a moment of the display.
    bull.updateProgress({ event } satisfies QueuedProgress).catch(() => {});
  };
}
