export { type Library, openLibrary } from "./catalogue.js";
export type { FoundRun } from "./find.js";
export { readFound } from "./run-entry.js";
export { readRunView } from "./run-view.js";
export { common, differing, type Settings, settingsOf } from "./settings.js";
