export { estimateDrift } from "./estimate.js";
export { DRIFT_COLUMNS, driftCsv, driftJson } from "./export.js";
export { observe, type RunFacts } from "./observe.js";
export type * from "./types.js";
