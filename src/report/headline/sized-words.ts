import type { Contrast } from "../../drift/index.js";
import type { Terms } from "../terms.js";
import { namesOf } from "./sentence.js";

/**
 * What a power is the power of: `difference of 5 points between 50 % biased users and none`, or `change of 5 points since round 0` where
 * that is what is compared, or nothing is. `of` is a size or a measure.
 */
export function sizedWords(contrast: Contrast | null, terms: Terms, of: string): string {
  if (!contrast || contrast.reference.round !== contrast.round) return `change of ${of} since round 0`;
  const [treated, reference] = namesOf(contrast, terms);
  return `difference of ${of} between ${treated} and ${reference}`;
}
