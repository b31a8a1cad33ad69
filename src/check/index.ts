export { checkFile, notScenario } from "./check-file.js";
export { fileSchemas, referencePage } from "./reference.js";
export type { CheckOptions } from "./types.js";
