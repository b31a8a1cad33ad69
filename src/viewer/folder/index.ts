export { biasedShare } from "./biased-share.js";
export { type FoundRun, type Library, openLibrary } from "./catalogue.js";
export { readIfChanged } from "./json-file.js";
export { nameOf, readRounds, readRunManifest } from "./run-entry.js";
export { readRunView } from "./run-view.js";
export { differing, type Settings, settingsOf } from "./settings.js";
