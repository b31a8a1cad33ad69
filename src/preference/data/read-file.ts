import { type Complaints, complaints } from "../../complaints.js";
import { UserError } from "../../errors.js";
import { readTextFile } from "../../text-file.js";
import { parseJsonText } from "../../yaml/index.js";
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
  if (rows.length === 0) throw new UserError(`${name}: no rows`);
  return rows;
}

type Located = { value: unknown; where: string };

function rowsOf({ value, where }: Located): DataRow[] {
  try {
    return readRow(value).map(({ parts, ...row }, exchange) => ({
      ...row,
      source: { interaction: where, exchange, ...(parts ? { parts } : {}) },
    }));
  } catch (error) {
    throw new UserError(`${where}: ${(error as Error).message}`);
  }
}

function valuesOf(text: string, name: string, wrong: Complaints): Located[] {
  if (text.trimStart().startsWith("[")) {
    const values = parseJsonText(text, { path: name });
    return (values as unknown[]).map((value, index) => ({ value, where: `${name}#${index + 1}` }));
  }
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `${name}:${index + 1}`;
    return (
      wrong.attempt(() => [{ value: parseJsonText(line, { path: name, line: index + 1 }), where }]) ?? []
    );
  });
}
