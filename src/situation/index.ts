export { loadPack } from "./load.js";
export type { Situation, SituationPack, SituationUser } from "./types.js";
