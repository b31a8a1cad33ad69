export type { Budget } from "./budget.js";
export type { CachedReply } from "./cache.js";
export { BadAnswer, BrokenOff, CannotServe, NotReported, readFailure } from "./failure.js";
export { pricesSchema, readPrices } from "./prices.js";
export { localRateLimiter, type RateLimiter } from "./rate-limiter.js";
export {
  limitsOf,
  MAX_CALLS,
  openTraffic,
  type Traffic,
  type TrafficOptions,
} from "./traffic.js";
export type { Usage, UsageByRole, UsageStore } from "./usage-log.js";
