export { isModelJudge, resolveJudge } from "./judges/resolve.js";
export { suiteNamed, suites } from "./registry.js";
export type { SuiteSettings } from "./suite.js";
export { type MetricSummary, summarise } from "./summary.js";
export type * from "./types.js";
