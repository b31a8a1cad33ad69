export { cutReplies } from "./cut.js";
export {
  type Catalogue,
  catalogueOf,
  HONESTY,
  mergeSuites,
  nameOf,
  type SuiteInfo,
} from "./describe.js";
export { disposition } from "./disposition.js";
export { type Reading, readingWords, readProbes } from "./files/probes.js";
export { HEADLINE, headline, honestyMetrics, leadingMetric, leadingSuite, spokenRows } from "./headline.js";
export {
  checkJudge,
  type JudgeCheck,
  judgeWarning,
  type LabelledStatement,
  loadLabelled,
} from "./judges/check.js";
export { judgeNamed, namedJudges } from "./judges/registry.js";
export { isModelJudge, otherJudges, resolveJudge } from "./judges/resolve.js";
export { findOverlaps, NEAR_COPY, type Overlap, WRITTEN } from "./overlap.js";
export { resultSchema } from "./own-results.js";
export { placedInCode } from "./places-in-code.js";
export { moduleSuite, shippedCatalogue, shippedSuites, suiteKinds, suiteNamed } from "./registry.js";
export { evenly } from "./sample.js";
export { requireJudgeable } from "./suite.js";
export { type MetricSummary, summarise } from "./summary.js";
export { talks } from "./talks.js";
export type {
  EvaluationContext,
  Judge,
  Judgement,
  JudgeRequest,
  ProbeResult,
  Sample,
  Suite,
  SuiteKind,
  SuiteSettings,
} from "./types.js";
