import { setTimeout as sleep } from "node:timers/promises";
import type { Pace } from "./pace.js";

/** The turns of one process at one server. */
export type Turns = {
  /** Waits until a call may start; rejects with the signal's reason if that comes first. */
  next: (signal?: AbortSignal) => Promise<void>;
  /** The server asks to be left alone for so long, by everybody. */
  hold: (ms: number) => Promise<void>;
};

/**
 * Calls go one after the other through a pace. Only the first in line has a place booked, so that a hold is kept by all the
 * others.
 */
export function takeTurns(pace: Pace, server: string, everyMs: number): Turns {
  let last: Promise<void> = Promise.resolve();
  return {
    next: (signal) => {
      const turn = last.then(async () => {
        signal?.throwIfAborted();
        const wait = await pace.book(server, everyMs);
        if (wait <= 0) return;
        await sleep(wait, undefined, { signal }).catch(() => {
          throw signal!.reason;
        });
      });
      last = turn.catch(() => {});
      return turn;
    },
    hold: (ms) => pace.hold(server, ms),
  };
}
