import { type Bounds, callLimit } from "./call-limit.js";

/** Leave to make one call; give it back by exactly one of the three. */
export type Permit = {
  /** The call was answered: the server can take what it gets, perhaps more. */
  answered: () => void;
  /** The server has too much to do; nothing starts for so long (milliseconds), and fewer calls run at once afterwards. */
  refused: (pauseMs: number) => void;
  /** It failed for a reason that says nothing about the server's load. */
  failed: () => void;
};

/** How many calls a server takes at the same time, found out as TCP does. */
export type AdaptiveConcurrency = {
  /** Waits for its turn; rejects with the signal's reason if that comes first. */
  enter: (signal?: AbortSignal) => Promise<Permit>;
  /** Calls that may run now. */
  readonly limit: number;
};

/** The line of those who wait for their turn; `callLimit` finds out how many run. */
export function adaptiveConcurrency(
  bounds: Bounds,
  now: () => number = () => performance.now(),
): AdaptiveConcurrency {
  const waiting: (() => void)[] = [];
  const limit = callLimit(bounds, now);
  let running = 0;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let asleep = false;

  const admitAll = (): void => {
    const left = pausedUntil - now();
    if (left > 0) {
      if (!asleep)
        setTimeout(() => {
          asleep = false;
          admitAll();
        }, left);
      asleep = true;
      return;
    }
    while (waiting.length > 0 && running < Math.floor(limit.value)) {
      running += 1;
      waiting.shift()!();
    }
  };
  const leave = (): void => {
    running -= 1;
    admitAll();
  };
  const permit = (): Permit => {
    const began = now();
    return {
      answered: () => {
        limit.answered(now() - began, waiting.length > 0);
        leave();
      },
      refused: (pauseMs) => {
        if (pauseMs > 0) pausedUntil = Math.max(pausedUntil, now() + pauseMs);
        limit.refused(began, running);
        leave();
      },
      failed: leave,
    };
  };
  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const admit = (): void => {
          signal?.removeEventListener("abort", abandon);
          resolve(permit());
        };
        const abandon = (): void => {
          waiting.splice(waiting.indexOf(admit), 1);
          reject(signal!.reason);
        };
        signal?.addEventListener("abort", abandon, { once: true });
        waiting.push(admit);
        admitAll();
      }),
    get limit() {
      return Math.floor(limit.value);
    },
  };
}
