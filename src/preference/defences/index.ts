export type { Known } from "../stages/known.js";
export { amend, type ContextOf, type DefenceCount, screen } from "./apply.js";
export { idleStages } from "./idle.js";
export { makeDefences } from "./make.js";
export { makeModuleDefence } from "./module.js";
export { readReplayFile } from "./replay-file.js";
export type {
  Candidate,
  Defence,
  DefenceContext,
  DefenceTools,
  StageFiles,
} from "./types.js";
