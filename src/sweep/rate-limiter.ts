import { localRateLimiter, type RateLimiter } from "../models/index.js";

/**
 * The limiter of one of several who do not know of each other: a share of each server's rate, so that together they keep to
 * it. A server's pause is known only to those whom it told.
 */
export function shareOfRate(sharers: number, rateLimiter: RateLimiter = localRateLimiter()): RateLimiter {
  return { ...rateLimiter, acquire: (server, everyMs) => rateLimiter.acquire(server, everyMs * sharers) };
}
