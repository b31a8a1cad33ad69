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

/** Names that are told where one is missing: of a folder full of files a long list helps nobody. */
const MOST_NEAR = 3;

/**
 * The names that a missing one may stand for, the nearest first, three at most: those that differ by slips; where none does, those
 * that hold it whole.
 */
export function nearNames(name: string, candidates: readonly string[]): string[] {
  if (name.length === 0 || name.length > MOST_LETTERS) return [];
  const wanted = name.toLowerCase();
  const far = Math.max(2, Math.floor(name.length / 3));
  const ranked = [...new Set(candidates)]
    .map((candidate) => ({ candidate, edits: distance(wanted, candidate.toLowerCase()) }))
    .sort((one, other) => one.edits - other.edits || (one.candidate < other.candidate ? -1 : 1));
  const slips = ranked.filter(({ edits }) => edits <= far);
  const whole = ranked.filter(({ candidate }) => candidate.toLowerCase().includes(wanted));
  const most = ranked[0]?.edits === 0 ? 1 : MOST_NEAR;
  return (slips.length > 0 ? slips : whole).slice(0, most).map(({ candidate }) => candidate);
}

/** Below so many letters two names differ by little more than a slip anyway. */
const LEAST_LETTERS = 4;

/**
 * The fields of an object that may hold what it likes beside what is read, which are nearly one that is read and not there: slips of
 * the keyboard, which would be passed over in silence. Each with what was meant.
 */
export function* slips(row: object, read: readonly string[]): Generator<{ name: string; meant: string }> {
  const names = Object.keys(row);
  const missing = read.filter((name) => name.length >= LEAST_LETTERS && !names.includes(name));
  for (const name of names) {
    if (read.includes(name) || name.length > MOST_LETTERS) continue;
    const meant = missing.find((known) => distance(name, known) <= (known.length < 8 ? 1 : 2));
    if (meant !== undefined) yield { name, meant };
  }
}

/** The first slip of the keyboard in a row, and what to say of it. Null where there is none. */
export function slip(row: object, read: readonly string[]): { name: string; what: string } | null {
  for (const { name, meant } of slips(row, read))
    return { name, what: `unknown field; did you mean "${meant}"?` };
  return null;
}

/** Says what a mistyped name may have meant: `; did you mean "biased"? (known: benign, biased)`. */
export function didYouMean(name: string, candidates: readonly string[]): string {
  const near = nearest(name, candidates);
  const listed = candidates.length > MOST_LISTED ? [...candidates.slice(0, MOST_LISTED), "…"] : candidates;
  const known = listed.length > 0 ? ` (known: ${listed.join(", ")})` : "";
  return `${near === null ? "" : `; ${alike(name, near) ?? `did you mean "${near}"?`}`}${known}`;
}

/** Of two names that nobody can tell apart by looking, what tells them apart; null where people can. */
function alike(name: string, near: string): string | null {
  return name.normalize("NFC") === near.normalize("NFC")
    ? `"${near}" looks the same, but its accents are other Unicode characters (one with their letter, or behind it): copy the name from where it was given`
    : null;
}
