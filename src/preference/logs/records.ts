import { extname } from "node:path";
import { complaints } from "../../complaints.js";
import { readCsv } from "../../csv.js";
import { mistaken } from "../../errors.js";
import type { Place } from "../../mistakes.js";
import { type Separator, separatorOf } from "../../separator.js";
import { readTextFile } from "../../text-file.js";
import { fromLines, parseJsonText } from "../../yaml/index.js";
import { parquetRecords } from "./parquet.js";
import type { LogRecord } from "./types.js";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The rows of an export: CSV or TSV with a head, JSON lines, a JSON array (or an object that holds one under `data`, as APIs
 * answer), or Parquet; told by its ending. `name` is how messages call it. Throws a UserError that says where a file is none.
 */
export async function readRecords(path: string, name: string = path): Promise<LogRecord[]> {
  const ending = extname(path).toLowerCase();
  if (ending === ".parquet") return await parquetRecords(path, name);
  const text = readTextFile(path, { name });
  if (ending === ".csv" || ending === ".tsv")
    return csvRecords(text, name, ending === ".tsv" ? "\t" : separatorOf(text));
  if (ending === ".json" || text.trimStart().startsWith("[")) return arrayRecords(text, name);
  const wrong = complaints();
  const records = fromLines(text, name, wrong, (line, place) => record(parseJsonText(line, place), place));
  wrong.end(name);
  return records;
}

function record(value: unknown, place: Place): LogRecord {
  if (isRecord(value)) return { place, value };
  throw mistaken({ ...place, what: "expected an object of columns" });
}

function arrayRecords(text: string, name: string): LogRecord[] {
  const value = parseJsonText(text, { file: name });
  const rows = isRecord(value) && Array.isArray(value.data) ? value.data : value;
  if (!Array.isArray(rows))
    throw mistaken({ file: name, what: 'expected a list of rows, or one under "data"' });
  const wrong = complaints();
  const records = rows.flatMap(
    (row: unknown, index) => wrong.attempt(() => [record(row, { file: name, row: index + 1 })]) ?? [],
  );
  wrong.end(name);
  return records;
}

function csvRecords(text: string, name: string, separator: Separator): LogRecord[] {
  return readCsv(text, name, { separator, short: true }).map(({ cells, line }) => ({
    place: { file: name, line },
    value: Object.fromEntries(Object.entries(cells).filter(([, cell]) => cell !== "")),
  }));
}
