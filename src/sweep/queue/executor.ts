import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Queue, QueueEvents } from "bullmq";
import type { Redis } from "ioredis";
import { OutsideFailed } from "../../errors.js";
import { packageBuild } from "../../package-root.js";
import { readManifest, runPaths, sweepId } from "../../runs/index.js";
import type { Executor, ExecutorHooks, Job, JobOutcome } from "../types.js";
import { queueAddress } from "./address.js";
import { connect, isRefusal, type OnNotice, queueTrouble } from "./connection.js";
import { receiveParcel } from "./parcel.js";
import { jobId, parcelKey, QUEUE, type QueuedJob, type QueuedOutcome, STOP_CHANNEL } from "./protocol.js";
import { eventIn, outcomeIn } from "./said.js";

/** How often a sweep looks for such jobs, if nothing else is said. */
const LOOK = 10_000;
/** How long a stopped sweep waits for workers to stop, in milliseconds. */
const PATIENCE = 20_000;

/**
 * Runs jobs on the `candor worker`s of a Redis queue, on any number of machines. Jobs that an earlier call left in the
 * queue, or that workers play already, are not added again. Throws UserError if the queue cannot be reached.
 */
export function queueExecutor(
  url: string,
  onNotice: OnNotice = () => {},
  { look = LOOK, onReady = () => {} }: { look?: number; onReady?: () => void } = {},
): Executor {
  const address = queueAddress(url);
  return async (jobs, hooks) => {
    const redis = await connect(address, onNotice);
    const queue = new Queue<QueuedJob>(QUEUE, { connection: redis });
    const events = new QueueEvents(QUEUE, {
      connection: redis,
      // From here on, and none is lost when the connection is: the default begins anew each time.
      lastEventId: await lastEvent(redis),
    });
    // Told by the connection itself.
    queue.on("error", () => {});
    events.on("error", () => {});
    try {
      await follow(jobs, hooks, { redis, queue, events, onNotice, onReady, look });
    } catch (error) {
      if (!isRefusal(error)) throw error;
      throw new OutsideFailed(`--queue ${address.shown}: ${address.mask(queueTrouble(error))}`);
    } finally {
      await events.close().catch(() => {});
      await queue.close().catch(() => {});
      redis.disconnect();
    }
  };
}

type Link = {
  redis: Redis;
  queue: Queue<QueuedJob>;
  events: QueueEvents;
  onNotice: OnNotice;
  onReady: () => void;
  /** How often jobs are looked for whose end was not heard of, in milliseconds. */
  look: number;
};

async function lastEvent(redis: Redis): Promise<string> {
  const [last] = await redis.xrevrange(`bull:${QUEUE}:events`, "+", "-", "COUNT", 1);
  return last?.[0] ?? "0";
}

async function follow(jobs: readonly Job[], hooks: ExecutorHooks, link: Link): Promise<void> {
  const { redis, queue, events, onNotice, onReady } = link;
  const sweep = await sweepId(hooks.folder);
  const pending = new Map(jobs.map((job) => [jobId(sweep, job.hash), job]));
  const taking = new Set<string>();
  const all = fromOutside();
  const settle = (id: string, outcome: JobOutcome): void => {
    if (pending.delete(id)) hooks.onOutcome(outcome);
    if (pending.size === 0) all.resolve();
  };
  const take = async (id: string, said: QueuedOutcome): Promise<void> => {
    const job = pending.get(id);
    if (!job || taking.has(id)) return;
    taking.add(id);
    settle(id, await verified(job, said, { redis, key: parcelKey(id) }));
  };

  // What fails while something is heard or done beside ends the sweep with its reason: nobody else would hear of it.
  const guarded = (what: () => Promise<void>): void => void what().catch(all.reject);
  events.on("progress", ({ jobId: id, data }) =>
    guarded(async () => {
      const job = pending.get(id);
      const event = eventIn(data);
      if (job && event) hooks.onEvent(job.hash, event);
    }),
  );
  events.on("completed", ({ jobId: id, returnvalue }) =>
    guarded(() => take(id, outcomeIn(returnvalue, pending.get(id)?.hash ?? id))),
  );
  events.on("failed", ({ jobId: id, failedReason: error }) =>
    guarded(async () => {
      const job = pending.get(id);
      if (job) settle(id, { hash: job.hash, status: "failed", error });
    }),
  );
  await events.waitUntilReady();
  const stop = (): void => guarded(() => stopAll(pending, sweep, link, settle));
  hooks.signal?.addEventListener("abort", stop, { once: true });
  const looking = new AbortController();
  try {
    if (hooks.signal?.aborted) stop();
    else {
      await add(jobs, sweep, hooks.folder, link);
      onReady();
    }
    if ((await queue.getWorkersCount().catch(() => 1)) === 0)
      onNotice("no worker is listening yet; start some with: candor worker --queue <the same address>");
    guarded(() => lookAfter(pending, link, take, looking.signal));
    await all.done;
  } finally {
    looking.abort();
    hooks.signal?.removeEventListener("abort", stop);
  }
}

/** A promise to be settled from outside (`Promise.withResolvers` needs Node 22). */
function fromOutside(): { done: Promise<void>; resolve: () => void; reject: (reason: unknown) => void } {
  let resolve = (): void => {};
  let reject = (_reason: unknown): void => {};
  const done = new Promise<void>((settle, fail) => {
    resolve = settle;
    reject = fail;
  });
  // It may fail before anybody waits for it, or after.
  done.catch(() => {});
  return { done, resolve, reject };
}

async function add(jobs: readonly Job[], sweep: string, sweepFolder: string, { queue }: Link): Promise<void> {
  const queued = jobs.map((job) => ({
    name: "cell",
    data: {
      job: { ...job, folder: resolve(job.folder), scenarioPath: resolve(job.scenarioPath) },
      sweep,
      sweepFolder: resolve(sweepFolder),
      candor: packageBuild(),
    },
    // A job that ended leaves its id free: what it came to is in its run's folder and in the event.
    opts: { jobId: jobId(sweep, job.hash), removeOnComplete: true, removeOnFail: true },
  }));
  for (let at = 0; at < queued.length; at += 500) await queue.addBulk(queued.slice(at, at + 500));
}

/** Believes that a run is done when it sees it. */
async function verified(
  job: Job,
  said: QueuedOutcome,
  parcel: { redis: Redis; key: string },
): Promise<JobOutcome> {
  const { hash, folder } = job;
  if (said.status !== "done") return { ...said, hash };
  try {
    if (said.parcel) await receiveParcel(parcel.redis, parcel.key, folder);
    // A network file system may show another machine's last file a little late.
    for (let attempt = 0; attempt < 10; attempt += 1) {
      if (await isDone(job)) return { hash, status: "done" };
      await sleep(500);
    }
    return { hash, status: "failed", error: `a worker says that it is done, but ${folder} does not show it` };
  } catch (error) {
    return { hash, status: "failed", error: (error as Error).message };
  }
}

async function isDone({ folder, hash }: Job): Promise<boolean> {
  const manifest = await readManifest(runPaths(folder));
  return manifest?.status === "done" && manifest.hash === hash;
}

/** Finds jobs that ended without our hearing of it, as when the server lost its memory. */
async function lookAfter(
  pending: ReadonlyMap<string, Job>,
  { queue, redis, look }: Link,
  take: (id: string, said: QueuedOutcome) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let gone = new Set<string>();
  while (!signal.aborted) {
    await sleep(look, undefined, { signal }).catch(() => {});
    const goneNow = new Set<string>();
    for (const [id, { hash }] of pending) {
      if (signal.aborted) return;
      const state = await queue.getJobState(id).catch(() => "unreachable");
      if (state !== "unknown") continue;
      // Once may be the moment between its end and the event; twice is not.
      if (!gone.has(id)) goneNow.add(id);
      else await take(id, await unheard(pending.get(id) ?? null, hash, redis, id));
    }
    gone = goneNow;
  }
}

/** What became of a job that left the queue without a word. */
async function unheard(job: Job | null, hash: string, redis: Redis, id: string): Promise<QueuedOutcome> {
  try {
    if ((await redis.exists(parcelKey(id))) === 1) return { hash, status: "done", parcel: true };
    if (job && (await isDone(job))) return { hash, status: "done" };
    return { hash, status: "failed", error: LOST };
  } catch (error) {
    // Its folder is damaged, or the server went away just now: either way nobody knows.
    return { hash, status: "failed", error: `${LOST}: ${(error as Error).message}` };
  }
}

const LOST = "it left the queue without a result";

/** Takes waiting jobs out of the queue and asks workers to stop the others; those that do not answer are left to them. */
async function stopAll(
  pending: ReadonlyMap<string, Job>,
  sweep: string,
  { queue, redis }: Link,
  settle: (id: string, outcome: JobOutcome) => void,
): Promise<void> {
  const interrupt = (id: string): void => settle(id, { hash: pending.get(id)!.hash, status: "interrupted" });
  for (const id of [...pending.keys()]) {
    // Active jobs are locked by their worker and cannot be removed.
    const removed = await queue.remove(id).catch(() => 0);
    if (removed === 1 && pending.has(id)) interrupt(id);
  }
  await redis.publish(STOP_CHANNEL, sweep).catch(() => {});
  await sleep(PATIENCE, undefined, { ref: false });
  for (const id of [...pending.keys()]) interrupt(id);
}
