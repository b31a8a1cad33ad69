export { amend, type ContextOf, type DefenceCount, screen } from "./apply.js";
export { type Consensus, dawidSkene, type Vote } from "./dawid-skene.js";
export { makeDefences } from "./make.js";
export { makeModuleDefence } from "./module.js";
export { readReplayFile } from "./replay-file.js";
export type {
  Candidate,
  Defence,
  DefenceContext,
  DefenceTools,
  PanelRating,
  ReplayRow,
  StageFiles,
} from "./types.js";
