export { checkFile, notScenario } from "./check-file.js";
export { fileSchemas, referencePage } from "./reference.js";
export type { Checked, CheckOptions } from "./types.js";
