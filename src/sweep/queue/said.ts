import { z } from "zod";
import type { RunEvent } from "../../simulation/index.js";
import type { QueuedOutcome } from "./protocol.js";

// What workers say comes through Redis, which anybody may write to who reaches it, and from workers of any version.

const spent = z.object({ tokens: z.number(), usd: z.number().nullable() });
const metric = z.object({
  suite: z.string(),
  subset: z.string(),
  metric: z.string(),
  value: z.number(),
  n: z.number(),
});

const eventSchema: z.ZodType<RunEvent> = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start"), folder: z.string(), rounds: z.number(), resumed: z.boolean() }),
  z.object({
    type: z.literal("progress"),
    round: z.number(),
    stage: z.enum(["interaction", "training", "evaluation"]),
    done: z.number(),
    total: z.number(),
    loss: z.number().exactOptional(),
    spent: spent.exactOptional(),
  }),
  z.object({
    type: z.literal("round"),
    round: z.number(),
    seconds: z.number(),
    metrics: z.array(metric),
    spent: spent.exactOptional(),
  }),
  z.object({ type: z.literal("notice"), text: z.string() }),
  z.object({ type: z.literal("end"), folder: z.string() }),
]);

const hash = z.string();
const outcomeSchema: z.ZodType<QueuedOutcome> = z.discriminatedUnion("status", [
  z.object({ hash, status: z.literal("done"), parcel: z.boolean().exactOptional() }),
  z.object({ hash, status: z.literal("interrupted") }),
  z.object({
    hash,
    status: z.literal("failed"),
    error: z.string(),
    inUse: z.boolean().exactOptional(),
    fatal: z.boolean().exactOptional(),
  }),
]);

/** What a worker told while it plays; undefined where it is nothing that a display knows. */
export function eventIn(data: unknown): RunEvent | undefined {
  return z.object({ event: eventSchema }).safeParse(data).data?.event;
}

/** What a worker returned. Anything but an outcome is a failure of the job. */
export function outcomeIn(value: unknown, job: string): QueuedOutcome {
  return (
    outcomeSchema.safeParse(value).data ?? {
      hash: job,
      status: "failed",
      error: "a worker returned what is no outcome; is it of another version of candor?",
    }
  );
}
