export { kindOfRows } from "../kind-of-rows.js";
export type { DpoRow, PreferenceData, SftRow } from "../types.js";
export { llamaFactoryFiles } from "./llama-factory.js";
export { pythonYaml } from "./python-yaml.js";
export { trlFiles } from "./trl.js";
export type { RawRow } from "./types.js";
