import type { AdaptiveConcurrency } from "./adaptive-concurrency.js";
import type { ServerLimiter } from "./server-limiter.js";

/** One of the servers of a model. */
export type Host = {
  /** Null for a model that is no server. */
  address: string | null;
  concurrency: AdaptiveConcurrency;
  limiter: ServerLimiter;
  /** Calls that it has or that wait for it. */
  calls: number;
  /** When it may be tried again after it was not there, on the clock of `performance.now`. */
  downUntil: number;
};

/** A host for one attempt; given back by `done`. */
export type Lease = Pick<Host, "address" | "concurrency" | "limiter"> & {
  /** `there` is false where the host did not answer at all. */
  done: (there: boolean) => void;
};

/** For so long a host that is not there is left alone, and then tried with one call. */
const DOWN_MS = 5_000;

/**
 * Takes the least busy host, by its calls in proportion to what it takes at once. One that is not there gets nothing while
 * another is, but for a call now and then that finds out whether it has come back.
 */
export function takeHost(hosts: readonly Host[], now: () => number = () => performance.now()): Lease {
  const present = now();
  const there = hosts.filter(({ downUntil }) => downUntil <= present);
  const host = (there.length > 0 ? there : hosts).reduce((a, b) => (load(b) < load(a) ? b : a));
  // The first call after the pause asks for all that follow.
  if (host.downUntil > 0) host.downUntil = present + DOWN_MS;
  host.calls += 1;
  return {
    address: host.address,
    concurrency: host.concurrency,
    limiter: host.limiter,
    done: (answered) => {
      host.calls -= 1;
      host.downUntil = answered ? 0 : now() + DOWN_MS;
    },
  };
}

function load({ calls, concurrency }: Host): number {
  return (calls + 1) / Math.max(1, concurrency.limit);
}
