export type { Budget } from "./budget.js";
export type { CachedReply } from "./cache.js";
export { CannotServe } from "./failure.js";
export { readUsage, type Usage, type UsageByRole } from "./meter.js";
export { ownPace, type Pace } from "./pace.js";
export { costOf, type Prices, readPrices } from "./prices.js";
export { type Line, MOST_CALLS, openTraffic, type Traffic, type TrafficOptions } from "./traffic.js";
