export type { Budget } from "./budget.js";
export type { CachedReply } from "./cache.js";
export { BadAnswer, BrokenOff, CannotServe, NotReported, readFailure } from "./failure.js";
export { MAX_CALLS } from "./hosts.js";
export { limitsOf } from "./model-info.js";
export { pricesSchema, readPrices } from "./prices.js";
export { localRateLimiter, type RateLimiter } from "./rate-limiter.js";
export { openTraffic, type Traffic, type TrafficOptions } from "./traffic.js";
export type { Usage, UsageByRole, UsageStore } from "./usage-log.js";
