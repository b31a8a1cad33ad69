import { distance } from "fastest-levenshtein";

/** The nearest of the candidates, or null when none is near enough to be a slip of the keyboard. */
export function nearest(name: string, candidates: readonly string[]): string | null {
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
  const known = candidates.length > 0 ? ` (known: ${candidates.join(", ")})` : "";
  return `${near === null ? "" : `; did you mean "${near}"?`}${known}`;
}
