export { type GenerateOptions, generateUsers, type Harvest, type WrittenUser } from "./generate/generate.js";
export { loadPack } from "./load.js";
export type { Situation, SituationPack, SituationUser } from "./types.js";
