import { Redis } from "ioredis";
import { UserError } from "../../errors.js";
import type { QueueAddress } from "./address.js";

/** Told in words of what people should know: connections lost and found, cells begun and ended. */
export type OnNotice = (notice: string) => void;

/**
 * Connects to the server. Throws a UserError without credentials in it if it cannot be reached or refuses; later losses are
 * told and mended, and commands wait for that.
 */
export async function connect(address: QueueAddress, onNotice: OnNotice): Promise<Redis> {
  await tryOnce(address);
  const redis = new Redis({
    ...address.options,
    // BullMQ's blocking commands must wait for a lost connection, not fail after some attempts.
    maxRetriesPerRequest: null,
    retryStrategy: (attempt) => Math.min(100 * 2 ** attempt, 2_000),
  });
  let lost = false;
  redis.on("error", (error: Error) => {
    if (!lost) onNotice(`lost ${address.shown}: ${address.mask(error.message)}; trying again`);
    lost = true;
  });
  redis.on("ready", () => {
    if (lost) onNotice(`found ${address.shown} again`);
    lost = false;
  });
  return redis;
}

async function tryOnce(address: QueueAddress): Promise<void> {
  const redis = new Redis({
    ...address.options,
    lazyConnect: true,
    connectTimeout: 10_000,
    retryStrategy: () => null,
  });
  // ioredis tells why only here; `connect` itself throws "Connection is closed".
  let why: Error | undefined;
  redis.on("error", (error: Error) => {
    why ??= error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const { message } = why ?? (error as Error);
    throw new UserError(`--queue ${address.shown}: cannot be reached: ${address.mask(message)}`);
  } finally {
    redis.disconnect();
  }
}

/** Whether the server answered with a refusal: the connection is well, and the same would be refused again at once. */
export const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && error.name === "ReplyError";

/** What a queue's server or its client says went wrong, in words. */
export function queueTrouble(error: Error): string {
  return isRefusal(error) && /^OOM\b/u.test(error.message)
    ? "the server's memory is full, and it takes nothing more (maxmemory); give it more"
    : error.message;
}
