export { contextProblems } from "./context/problems.js";
export { checkMethod } from "./data/fit.js";
export { readDataFile } from "./data/read-file.js";
export {
  type DataSource,
  openSource,
  type SourceRows,
  type SourceSettings,
  studiedShare,
} from "./data/source.js";
export type { DataRow } from "./data/types.js";
export {
  amend,
  type Candidate,
  type ContextOf,
  type Defence,
  type DefenceContext,
  type DefenceCount,
  type DefenceTools,
  idleStages,
  type Known,
  makeDefences,
  makeModuleDefence,
  readReplayFile,
  type StageFiles,
  screen,
} from "./defences/index.js";
export { balancedKtoWeights } from "./export/kto-weights.js";
export { exportLlamaFactory, llamaFactoryFiles } from "./export/llama-factory.js";
export { exportOpenAi } from "./export/openai.js";
export { pythonYaml } from "./export/python-yaml.js";
export { exportTrl, trlFiles } from "./export/trl.js";
export type { ExportedFiles, ExportRequest, RawRow } from "./export/types.js";
export { dataFor, kindOfRows } from "./kind-of-rows.js";
export {
  assumedLines,
  type LogPreview,
  type LogReading,
  type LogSettings,
  type LogSummary,
  type Logs,
  leftOutLines,
  loggedRows,
  loggedTalks,
  logSummary,
  logsReadWords,
  logsTaughtWords,
  type MarkedReply,
  missingColumns,
  mostLoggedTalks,
  previewOf,
  raterReport,
  readingSentence,
  readLogs,
  readRecords,
  repliesOfRound,
  type SelectedRound,
  seemsLogged,
  suspicion,
  tenthBehind,
} from "./logs/index.js";
export { toRows } from "./rows.js";
export { type Selection, type SelectionSettings, select } from "./select.js";
export { addedCount } from "./shares.js";
export type { DpoRow, KtoRow, PreferenceData, Row, SftRow } from "./types.js";
