export { toRows } from "./rows.js";
export { type Selection, type SelectionSettings, select } from "./select.js";
export type { DpoRow, KtoRow, Method, PreferenceData, Provenance, SftRow } from "./types.js";
