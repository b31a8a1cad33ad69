// candor as a library: the six words, the loop that strings them together, and the grid.

export * from "./drift/index.js";
export { UserError } from "./errors.js";
export * from "./evaluation/index.js";
export * from "./interaction/index.js";
export { complete, resolveChatModel } from "./models/index.js";
export { NOTHING, type Permissions } from "./permissions/index.js";
export * from "./population/index.js";
export * from "./preference/index.js";
export { type Inputs, type Loaded, loadPack, loadPersonas } from "./resources/index.js";
export { runPaths } from "./runs/index.js";
export { type Cell, expandSweep, loadScenario, type Scenario, scenarioHash } from "./scenario/index.js";
export { type RunningServer, type ServerOptions, startServer } from "./serve/index.js";
export { type RunEvent, type RunOptions, type RunResult, run } from "./simulation/index.js";
export type { Situation, SituationPack } from "./situation/index.js";
export * from "./sweep/index.js";
export * from "./training/index.js";
