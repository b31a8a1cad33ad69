import { setTimeout as sleep } from "node:timers/promises";
import type { RateLimiter } from "./rate-limiter.js";

/** One process's part of a limiter at one server. */
export type ServerLimiter = {
  /** Waits until a call may start; rejects with the signal's reason if that comes first. */
  acquire: (signal?: AbortSignal) => Promise<void>;
  /** The server asks to be left alone for so long, by everybody. */
  coolDown: (ms: number) => Promise<void>;
};

/**
 * Calls go one after the other through a rate limiter. Only the first in line has a place, so that a cool-down is kept by all the
 * others.
 */
export function limitServer(rateLimiter: RateLimiter, server: string, everyMs: number): ServerLimiter {
  let last: Promise<void> = Promise.resolve();
  return {
    acquire: (signal) => {
      const turn = last.then(async () => {
        signal?.throwIfAborted();
        const wait = await rateLimiter.acquire(server, everyMs);
        if (wait <= 0) return;
        await sleep(wait, undefined, { signal }).catch(() => {
          throw signal!.reason;
        });
      });
      last = turn.catch(() => {});
      return turn;
    },
    coolDown: (ms) => rateLimiter.coolDown(server, ms),
  };
}
