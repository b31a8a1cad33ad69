export { type PersonalKind, personalKinds, withoutPersonal } from "./personal.js";
export {
  type Beginning,
  type Example,
  type LogPreview,
  previewOf,
  type SelectedRound,
} from "./preview.js";
export { type Rater, type RaterReport, raterReport, suspicion } from "./raters.js";
export { type LogFile, readLogs } from "./read.js";
export { readRecords } from "./records.js";
export { loggedTalks, repliesOfRound } from "./rounds.js";
export { loggedRows } from "./rows.js";
export type { LeftOut, LogReading, LogSettings, Logs, MarkedReply } from "./types.js";
