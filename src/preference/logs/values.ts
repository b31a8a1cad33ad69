import { worded } from "./worded.js";

/** Whether a cell says nothing. */
export const isNone = (value: unknown): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  /^\s*(?:none|null|nan)?\s*$/iu.test(worded(value));

/** The beginning of a value, for a message. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? worded(value)).slice(0, 40);
