import type { CaseRow } from "./cases.js";
import type { Terms } from "./terms.js";

/** What cases are set beside, in words: `“none” at the same share of biased users`. A share that is another is told; null where nothing is compared. */
export function besideCase(rows: readonly CaseRow[], terms: Terms): string | null {
  const name = rows.find(({ reference }) => reference)?.reference?.case;
  if (name === undefined) return null;
  const at = otherShare(rows);
  return at === null ? `“${name}” at the same share of ${terms.units}` : `“${name}” (${terms.of(at)})`;
}

/** The share that the reference was played at, where a case that is set beside it has another; else null. */
export function otherShare(rows: readonly CaseRow[]): number | null {
  const other = rows.find(({ reference, biased }) => reference && reference.biased !== biased);
  return other?.reference?.biased ?? null;
}
