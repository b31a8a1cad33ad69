export { biasedShare } from "./biased-share.js";
export { type Library, openLibrary } from "./catalogue.js";
export type { FoundRun } from "./find.js";
export { readIfChanged } from "./json-file.js";
export { nameOf, readRounds, readRunManifest } from "./run-entry.js";
export { readRunView } from "./run-view.js";
export { differing, type Settings, settingsOf } from "./settings.js";
export { isWithin } from "./within.js";
