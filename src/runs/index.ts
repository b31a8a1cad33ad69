export {
  anewWords,
  type BegunOtherwise,
  begunOtherwise,
  clearRun,
  mayBeginAnew,
} from "./begun-otherwise.js";
export {
  type Caveat,
  caveatsOf,
  caveatWords,
  floorCaveats,
  logCaveats,
  strangeCaveats,
  uncheckedJudge,
  voiceCaveats,
} from "./caveats.js";
export { type GivenOptions, readCommand, writeCommand } from "./command.js";
export { deleteRun, doomedIn, halfDeleted, sizeOf } from "./delete.js";
export {
  DamagedFile,
  isWithin,
  type Within,
} from "./disk/index.js";
export { driftFile, NOT_GIVEN, readObservations, verifyDrift, writeDrift } from "./drift.js";
export type { LinesFile } from "./files.js";
export { type Labels, label, labelsIn, readLabels } from "./labels.js";
export {
  isFinished,
  makeFolder,
  type RunPaths,
  runPaths,
} from "./layout.js";
export {
  GoneFile,
  type IndexStore,
  indexStore,
  LineIndex,
  openGrowing,
  parseInteraction,
  parseProbe,
  readLines,
  type SkimmedInteraction,
  type SkimmedProbe,
  type SkimmedRow,
  skimInteraction,
  skimProbe,
  skimRow,
  skimStep,
  skimUser,
  whileWritten,
  writeLines,
} from "./lines/index.js";
export { FolderInUse, isHeld, isLockFile, lockFolder } from "./lock.js";
export { type Log, openLog } from "./log.js";
export { LEVEL, type LogLine, lastLogLines } from "./log-lines.js";
export {
  changedInputs,
  claimFolder,
  type RunManifest,
  type RunStatus,
  readManifest,
  runBefore,
  setStatus,
} from "./manifest.js";
export { notARun } from "./not-a-run.js";
export { addOutsideResults } from "./outside.js";
export { requireOutsideOfRuns } from "./outside-of-runs.js";
export { readRun, readRunIn, type StoredRun } from "./read-run.js";
export { casesPath, reportFile, reportPath, resultFile, resultFiles } from "./results.js";
export { type CutCount, honestyIn, type PlayedStage, type RoundRecord, type RoundSummary } from "./round.js";

export { openRunFolder, type RunFolder } from "./run-folder.js";
export {
  cellFolder,
  isSweepFolder,
  readSubmission,
  readSweep,
  readSweepId,
  readSweepIn,
  type SweepCell,
  type SweepManifest,
  slurmLogs,
  sweepId,
  writeScripts,
  writeSubmission,
  writeSweep,
} from "./sweep-folder.js";
export { readUsage, usageStore } from "./usage.js";
export { verifyWithin, writeWithin } from "./within.js";
