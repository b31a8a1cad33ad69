import { maskSuite } from "./mask/suite.js";
import type { SuiteSettings } from "./suite.js";
import type { Suite } from "./types.js";

export { resolveJudge } from "./judges/resolve.js";
export type { SuiteSettings } from "./suite.js";
export { type MetricSummary, summarise } from "./summary.js";
export type * from "./types.js";

/** Every suite by the name scenarios use. */
export const suites: Readonly<Record<string, (settings: SuiteSettings) => Suite>> = { mask: maskSuite };
