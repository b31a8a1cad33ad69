import { setTimeout as sleep } from "node:timers/promises";
import { stream } from "../../random.js";
import { readFailure, TimeOut } from "./failure.js";
import type { Lease } from "./hosts.js";

export type RetryPolicy = {
  /** Takes a server for an attempt, if need be another one each time. */
  take: () => Lease;
  /** Longest time for one attempt, in milliseconds. */
  timeoutMs: number;
  /** Longest time that all attempts and the pauses between them may take together; waiting for a turn does not count. */
  deadlineMs: number;
  /** Attempts in all. */
  attempts: number;
  /** First pause after a failure, in milliseconds; doubled each time. */
  backOffMs: number;
  /** Longest pause of our own; and the longest that a server may ask for before the call counts as failed. */
  longestMs: { own: number; asked: number };
  /** The time, in milliseconds, by which attempts are counted against the deadline; this machine's if absent. */
  now?: () => number;
};

export const defaultPolicy: Omit<RetryPolicy, "take"> = {
  timeoutMs: 300_000,
  deadlineMs: 900_000,
  attempts: 7,
  backOffMs: 500,
  longestMs: { own: 30_000, asked: 600_000 },
};

/** A call that failed for good. */
export class CallFailed extends Error {
  override name = "CallFailed";
  /** For programs. */
  readonly code = "call_failed";
  constructor(
    message: string,
    /** Whether every other call to this model must fail too. */
    readonly fatal: boolean,
    cause: unknown,
    /** The server of the last attempt; null for a model that is no server. */
    readonly address: string | null,
  ) {
    super(message, { cause });
  }
}

/**
 * Makes a call through both limits, again and again where that can help: exponential back-off with full jitter (a
 * uniform share of the pause, so that calls that failed together do not come back together), or the time the server asks
 * for. Throws CallFailed, or the signal's reason.
 */
export async function withRetries<T>(
  call: (signal: AbortSignal, address: string | null) => Promise<T>,
  { take, timeoutMs, deadlineMs, attempts, backOffMs, longestMs, now = () => performance.now() }: RetryPolicy,
  {
    name,
    signal,
  }: {
    /** Of the random stream for the call's pauses, if it comes to any. */
    name: () => string;
    signal?: AbortSignal;
  },
): Promise<T> {
  // A user's own long time for an attempt is one for two of them.
  let left = Math.max(deadlineMs, 2 * timeoutMs);
  for (let attempt = 1; ; attempt += 1) {
    const { address, concurrency, limiter, done } = take();
    const permit = await concurrency.enter(signal).catch((error) => {
      done(true);
      throw error;
    });
    await limiter.acquire(signal).catch((error) => {
      permit.failed();
      done(true);
      throw error;
    });
    const began = now();
    try {
      const value = await within(Math.min(timeoutMs, left), signal, (attempt) => call(attempt, address));
      permit.answered();
      done(true);
      return value;
    } catch (error) {
      const failure = readFailure(error);
      done(signal?.aborted === true || !failure.absent);
      const tooLong = failure.waitMs !== null && failure.waitMs > longestMs.asked;
      if (failure.overload && !signal?.aborted) {
        const pause = tooLong ? 0 : (failure.waitMs ?? 0);
        permit.refused(pause);
        if (pause > 0) await limiter.coolDown(pause);
      } else permit.failed();
      signal?.throwIfAborted();
      const own = Math.min(longestMs.own, backOffMs * 2 ** (attempt - 1));
      const jitter = stream(`back-off/${name()}/${attempt}`)();
      const pause = (failure.waitMs ?? 0) + own * jitter;
      left -= now() - began + pause;
      if (!failure.retryable || tooLong || attempt >= attempts || left <= 0) {
        const tried = attempt > 1 ? ` (gave up after ${attempt} attempts)` : "";
        const asked = tooLong ? ` (the server asks to wait ${Math.round(failure.waitMs! / 1000)} s)` : "";
        // A server that has not come back in all that time would fail every call that is left, and the run would take the
        // failures for results.
        const fatal = failure.fatal || failure.unreachable;
        throw new CallFailed(`${failure.message}${asked}${tried}`, fatal, error, address);
      }
      // The limits keep the pause that a server asks for; the jitter comes on top, so that not all return in one moment.
      await sleep(pause, undefined, { signal }).catch(() => {
        throw signal!.reason;
      });
    }
  }
}

/** Ends a call that takes too long or is no longer wanted, whether or not it listens to the signal it is given. */
function within<T>(
  ms: number,
  outer: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (outer?.aborted) throw outer.reason;
    const controller = new AbortController();
    const end = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason);
    };
    const abort = (): void => end(outer!.reason);
    const timer = setTimeout(
      () => end(new TimeOut(`no reply within ${Number((ms / 1000).toFixed(1))} s`)),
      ms,
    );
    outer?.addEventListener("abort", abort, { once: true });
    const leave = (): void => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", abort);
    };
    call(controller.signal).then(resolve, reject).finally(leave);
  });
}
