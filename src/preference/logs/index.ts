export { seemsLogged } from "./columns.js";
export { type LogPreview, previewOf, type SelectedRound } from "./preview.js";
export { raterReport, suspicion } from "./raters.js";
export { readLogs } from "./read.js";
export { readRecords } from "./records.js";
export { loggedTalks, mostLoggedTalks, repliesOfRound } from "./rounds.js";
export { loggedRows } from "./rows.js";
export type { LogReading, LogSettings, Logs, MarkedReply } from "./types.js";
export { assumedLines, leftOutLines, missingColumns, readingSentence } from "./words.js";
