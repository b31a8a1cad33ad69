import { type Complaints, complaints } from "../../complaints.js";
import { mistaken } from "../../errors.js";
import type { Place } from "../../mistakes.js";
import { readTextFile } from "../../text-file.js";
import { fromLines, parseJsonText } from "../../yaml/index.js";
import { readRow } from "./read-row.js";
import type { DataRow } from "./types.js";

/**
 * Reads a data file of any known layout, JSON lines or one JSON array; `name` is how messages and rows call it. Rows of
 * several layouts may stand in one file. Throws a UserError with file and line (of an array: the place in it) of every row that is none.
 */
export function readDataFile(path: string, name: string = path): DataRow[] {
  const text = readTextFile(path, { name });
  const wrong = complaints();
  const rows = valuesOf(text, name, wrong).flatMap((one) => wrong.attempt(() => rowsOf(one)) ?? []);
  wrong.end(name);
  if (rows.length === 0) throw mistaken({ file: name, what: "no rows" });
  return rows;
}

type Located = { value: unknown; place: Place };

function rowsOf({ value, place }: Located): DataRow[] {
  try {
    return readRow(value).map(({ parts, ...row }, exchange) => ({
      ...row,
      source: { interaction: idOf(place), exchange, ...(parts ? { parts } : {}) },
    }));
  } catch (error) {
    throw mistaken({ ...place, what: (error as Error).message });
  }
}

/** What a row is called among the rows of a run: `a.jsonl:3`, `a.json#3`. */
const idOf = ({ file, line, row }: Place): string =>
  row === undefined ? `${file}:${line}` : `${file}#${row}`;

function valuesOf(text: string, file: string, wrong: Complaints): Located[] {
  if (!text.trimStart().startsWith("["))
    return fromLines(text, file, wrong, (line, place) => ({ value: parseJsonText(line, place), place }));
  const values = parseJsonText(text, { file });
  return (values as unknown[]).map((value, index) => ({ value, place: { file, row: index + 1 } }));
}
