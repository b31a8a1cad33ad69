export { runCommand } from "./command.js";
export { servedModels } from "./models.js";
export type { PlannedServer } from "./types.js";
export { moreAddresses, up } from "./up.js";
