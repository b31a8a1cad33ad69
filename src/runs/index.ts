export { assistantAfter, checkpointAfter, readStandstill, standStill, trainedRound } from "./checkpoint.js";
export { wholeFolder } from "./disk/whole-folder.js";
export { readObservations, writeDrift } from "./drift.js";
export { makeFolder, type RoundPaths, type RunPaths, removeDrafts, runPaths } from "./folder.js";
export { openJsonl, readJson, readJsonl, writeJson, writeJsonl } from "./jsonl.js";
export { keep, keepGrowing } from "./keep.js";
export { FolderInUse, isHeld, lockFolder } from "./lock.js";
export { type Log, openLog } from "./log.js";
export {
  checkInputs,
  claimFolder,
  type RunManifest,
  type RunStatus,
  readManifest,
  setStatus,
} from "./manifest.js";
export { reportFile, resultFile, resultFiles } from "./results.js";
export { type CutCount, honestyIn, type PlayedStage, type RoundSummary } from "./round.js";
