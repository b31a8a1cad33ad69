import { createHash } from "node:crypto";
import { type AdaptiveConcurrency, adaptiveConcurrency } from "./adaptive-concurrency.js";
import type { Bounds } from "./call-limit.js";
import type { ModelInfo } from "./model-info.js";
import type { RateLimiter } from "./rate-limiter.js";
import { limitServer, type ServerLimiter } from "./server-limiter.js";

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

/** Growing from it to 64 takes two round trips; a server that takes fewer refuses at most so many calls once. */
const START_CALLS = 16;
/** Tried with every server, as far as it does not refuse them; more go only to those that answer as quickly all the same. */
const MIN_CALLS = 64;
/** The most of them; servers that take more are given a `max_concurrency`. */
export const MAX_CALLS = 128;
/** For so long a host that is not there is left alone, and then tried with one call. */
const DOWN_MS = 5_000;

/** The servers of models; those of one address and name share their limits. */
export function openHosts(rateLimiter: RateLimiter): (info: ModelInfo) => Host[] {
  const hosts = new Map<string, Host>();
  const hostAt = (address: string | null, { name, maxConcurrency, perMinute }: ModelInfo): Host => {
    // A hash, since others may see it, and addresses can hold what is not theirs to see.
    const key = createHash("sha256")
      .update(JSON.stringify([address, name]))
      .digest("hex")
      .slice(0, 16);
    const everyMs = perMinute === undefined ? 0 : 60_000 / perMinute;
    const found = hosts.get(key) ?? {
      address,
      concurrency: adaptiveConcurrency(boundsOf(maxConcurrency)),
      limiter: limitServer(rateLimiter, key, everyMs),
      calls: 0,
      downUntil: 0,
    };
    hosts.set(key, found);
    return found;
  };
  return (info) => (info.addresses ?? [info.baseUrl]).map((address) => hostAt(address, info));
}

/** What a user names is tried as it is. */
function boundsOf(named: number | undefined): Bounds {
  return named === undefined
    ? { min: MIN_CALLS, start: START_CALLS, max: MAX_CALLS }
    : { min: named, start: START_CALLS, max: named };
}

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
