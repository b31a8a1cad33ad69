// candor as a library. What stands here is kept; what does not is the house's own and may change. docs/library.md shows its use.

export {
  type DoseResponse,
  type DriftRow,
  doseResponse,
  driftCsv,
  estimateDrift,
  type Observation,
} from "./drift/index.js";
export { Stopped, UserError } from "./errors.js";
export {
  type EvaluationContext,
  HONESTY,
  type Judge,
  type Judgement,
  type MetricSummary,
  type ProbeResult,
  resolveJudge,
  type Suite,
  type SuiteKind,
  type SuiteSettings,
  suiteNamed,
  summarise,
} from "./evaluation/index.js";
export { run, type ScenarioOrPath, sweep } from "./library/index.js";
export { complete, type Message, type ModelSpec, releaseModel, resolveChatModel } from "./models/index.js";
export { NOTHING, type Permissions } from "./permissions/index.js";
export type { Candidate, Defence, DefenceContext, PreferenceData } from "./preference/index.js";
export { shippedProbes } from "./resources/index.js";
export {
  honestyIn,
  type RoundRecord,
  type RunManifest,
  readRun,
  readSweep,
  type StoredRun,
  type SweepManifest,
} from "./runs/index.js";
export {
  type Cell,
  expandSweep,
  jsonSchema,
  type LoadedScenario,
  loadScenario,
  type Scenario,
  type ScenarioInput,
} from "./scenario/index.js";
export { type RunningServer, type ServerOptions, startServer } from "./serve/index.js";
export type { RunEvent, RunOptions, RunResult } from "./simulation/index.js";
export {
  type Executor,
  type Job,
  localExecutor,
  queueExecutor,
  type SweepEvent,
  type SweepOptions,
  type SweepResult,
} from "./sweep/index.js";
export {
  embeddedTrainer,
  type Trainer,
  type TrainingReport,
  type TrainingRequest,
} from "./training/index.js";
