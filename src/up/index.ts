export { runCommand } from "./command.js";
export type { PlannedServer } from "./types.js";
export { moreAddresses, up } from "./up.js";
