import { listed } from "./listed.js";

/** A place in a file, counted from 1; a row stands where lines do not tell them apart (a JSON array, Parquet). */
export type Place = { file: string; line?: number; column?: number; row?: number };

/**
 * What is wrong at a place, and of which field; without a file where `what` is about something else (an option, say). `again`: where
 * the same stands besides, of many the first few, and how many in all.
 */
export type Mistake = Partial<Place> & {
  field?: string;
  what: string;
  /** What stands at the first place, told behind `what`; elsewhere it may be other. */
  found?: string;
  again?: { at: readonly number[]; count: number };
};

/** A place in words: `a.yaml:3:14`, `a.jsonl:3`, `a.json row 3`. */
export function placed({ file, line, column, row }: Place): string {
  if (line !== undefined) return `${file}:${line}${column === undefined ? "" : `:${column}`}`;
  return row === undefined ? file : `${file} row ${row}`;
}

/** How many mistakes these are, with those that others have the same. */
export const countOf = (mistakes: readonly Mistake[]): number =>
  mistakes.reduce((sum, { again }) => sum + 1 + (again?.count ?? 0), 0);

/** `a.yaml:3:14 population.size: expected …`; where no column is known a colon stands before the field. */
export function mistakeInWords({ file, field, what, found, again, ...at }: Mistake): string {
  const place = file === undefined ? [] : [`${placed({ file, ...at })}${at.column === undefined ? ":" : ""}`];
  const named = field === undefined || field === "" ? [] : [`${field}:`];
  const told = found === undefined ? what : `${what}; found ${found}`;
  return `${[...place, ...named, told].join(" ")}${sameElsewhere(at, again)}`;
}

function sameElsewhere({ line }: Partial<Place>, again: Mistake["again"]): string {
  if (!again) return "";
  const more = again.count - again.at.length;
  const all = [...again.at, ...(more > 0 ? [`${more} more`] : [])].map(String);
  const kind = line === undefined ? "row" : "line";
  return `; the same in ${kind}${again.count === 1 ? "" : "s"} ${listed(all)}`;
}
