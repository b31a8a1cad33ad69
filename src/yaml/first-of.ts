import { InputError } from "../errors.js";
import type { Mistake } from "../mistakes.js";

/** Mistakes that are shown: a damaged file has thousands, and nobody reads them. */
const MOST_SHOWN = 20;

/** The first of many mistakes of a file, and how many more there are beside those that are given. */
export function firstOf(mistakes: readonly Mistake[], file: string, besides = 0): InputError {
  const count = Math.max(0, mistakes.length - MOST_SHOWN) + besides;
  return new InputError(mistakes.slice(0, MOST_SHOWN), count > 0 ? [{ count, file }] : []);
}
