import { distance } from "fastest-levenshtein";

const MOST_LETTERS = 100;
const MOST_LISTED = 50;

/** The nearest of the candidates, or null when none is near enough to be a slip of the keyboard. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  // No slip of the keyboard is that long, and comparing takes time by length.
  if (name.length > MOST_LETTERS) return null;
  let best: string | null = null;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    const edits = distance(name.toLowerCase(), candidate.toLowerCase());
    if (edits < least) [best, least] = [candidate, edits];
  }
  return best;
}

/** Says what a mistyped name may have meant: `; did you mean "biased"? (known: benign, biased)`. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  const listed = candidates.length > MOST_LISTED ? [...candidates.slice(0, MOST_LISTED), "…"] : candidates;
  const known = listed.length > 0 ? ` (known: ${listed.join(", ")})` : "";
  return `${near === null ? "" : `; did you mean "${near}"?`}${known}`;
}
