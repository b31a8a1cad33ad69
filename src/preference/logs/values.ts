import { worded } from "./worded.js";

/** Whether a cell says nothing. */
export const isNone = (value: unknown): boolean =>
  value === null ||
  (Array.isArray(value) && value.length === 0) ||
  /^\s*(?:none|null|nan)?\s*$/iu.test(worded(value));

/** The beginning of a value, for a message. */
export const shown = (value: unknown): string => (JSON.stringify(value) ?? worded(value)).slice(0, 40);

/** Langfuse and others keep a mark as a thing with a value, or a list of one. */
export function scalar(value: unknown): unknown {
  const one = Array.isArray(value) ? value.at(-1) : value;
  if (typeof one !== "object" || one === null) return one;
  const { value: inside, rating, thumb } = one as Record<string, unknown>;
  return inside ?? rating ?? thumb;
}
