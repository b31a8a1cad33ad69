export { type Library, openLibrary } from "./catalogue.js";
export type { FoundRun } from "./find.js";
export { readFound } from "./run-entry.js";
export { describedSuites, readRunView } from "./run-view.js";
export { common, differing, type Settings, settingsOf } from "./settings.js";
