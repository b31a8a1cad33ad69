import { z } from "zod";
import { readSweepId } from "../../runs/index.js";
import { scenarioSchema } from "../../scenario/index.js";
import type { RunEvent } from "../../simulation/index.js";
import type { Job, JobOutcome } from "../types.js";

/** One queue for all sweeps: a worker serves whoever asks. */
export const QUEUE = "candor";

/** What travels through Redis. No address and no key of any kind is in it. */
export type QueuedJob = {
  job: Job;
  /** The sweep it belongs to; see `sweepId`. */
  sweep: string;
  /** The sweep's folder on the machine that leads it. */
  sweepFolder: string;
  /** Version and build of candor; workers of another one refuse. */
  candor: string;
};

// Both become names of folders.
const made = z.string().regex(/^[0-9a-f]{10}$/u);
const queuedSchema = z.object({
  job: z.object({
    hash: made,
    scenario: scenarioSchema,
    scenarioPath: z.string(),
    folder: z.string(),
    axes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  }),
  sweep: made,
  sweepFolder: z.string(),
});

/** Whether what came through Redis, which anybody may write to who reaches it, is a cell as candor queues them. */
export function isQueuedJob(data: unknown): data is QueuedJob {
  return queuedSchema.safeParse(data).success;
}

/** What a worker tells while it plays. */
export type QueuedProgress = { event: RunEvent };

/** What a worker returns. `parcel`: the run's folder is sent through Redis, as the worker does not see the sweep's. */
export type QueuedOutcome = JobOutcome & { parcel?: boolean };

/** Where a sweep that is stopped says so. */
export const STOP_CHANNEL = `${QUEUE}:stop`;

export const jobId = (sweep: string, hash: string): string => `${sweep}-${hash}`;
export const parcelKey = (id: string): string => `${QUEUE}:parcel:${id}`;

/** Whether a folder here is the sweep's own, shared between machines, and not another one at the same place. */
export async function seesFolder({ sweep, sweepFolder }: QueuedJob): Promise<boolean> {
  return (await readSweepId(sweepFolder)) === sweep;
}
