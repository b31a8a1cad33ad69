export { CONDITION_FORM, type Condition, parseCondition } from "./condition.js";
export { misplacedDefences, stageJudge } from "./defence-rules.js";
export { minnowOfSeed, withMinnow } from "./family.js";
export type { AxisValue } from "./fields.js";
export { GATE_TROUBLES } from "./gate-schema.js";
export { idleSettings } from "./idle-settings.js";
export { namedFile, packFolder, packNames, personaFile, personaNames } from "./library.js";
export { checkScenario, type LoadedScenario, loadScenario } from "./load.js";
export { isWithin, parseOverride, type Setting } from "./overrides.js";
export { requireAssistant, requirePermitted } from "./permitted.js";
export {
  type Field,
  modelField,
  ofField,
  ofFieldNow,
  refusal,
  stageField,
  stageMistake,
} from "./place.js";
export { behaviourSchema } from "./population-schema.js";
export { longestProbeReply } from "./probe-reply.js";
export { rolesAsked } from "./roles.js";
export { type Fractions, fractionAt, fractionsAt, type Schedule, type Schedules, tidy } from "./schedule.js";
export {
  type DefenceSettings,
  jsonSchema,
  type Scenario,
  type ScenarioInput,
  scenarioSchema,
} from "./schema.js";
export { sourceKind } from "./sources.js";
export { ownSuiteFields } from "./suite-schema.js";
export { type Cell, expandSweep, scenarioHash } from "./sweep.js";
