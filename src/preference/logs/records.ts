import { extname } from "node:path";
import { parse } from "csv-parse/sync";
import { complaints } from "../../complaints.js";
import { UserError } from "../../errors.js";
import { type Separator, separatorOf } from "../../separator.js";
import { readTextFile } from "../../text-file.js";
import { parseJsonText } from "../../yaml/index.js";
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
  const records = text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `${name}:${index + 1}`;
    return wrong.attempt(() => [record(parseJsonText(line, { path: name, line: index + 1 }), where)]) ?? [];
  });
  wrong.end(name);
  return records;
}

function record(value: unknown, where: string): LogRecord {
  if (isRecord(value)) return { where, value };
  throw new UserError(`${where}: expected an object of columns`);
}

function arrayRecords(text: string, name: string): LogRecord[] {
  const value = parseJsonText(text, { path: name });
  const rows = isRecord(value) && Array.isArray(value.data) ? value.data : value;
  if (!Array.isArray(rows)) throw new UserError(`${name}: expected a list of rows, or one under "data"`);
  const wrong = complaints();
  const records = rows.flatMap(
    (row: unknown, index) => wrong.attempt(() => [record(row, `${name} row ${index + 1}`)]) ?? [],
  );
  wrong.end(name);
  return records;
}

function csvRecords(text: string, name: string, delimiter: Separator): LogRecord[] {
  type Parsed = { record: Record<string, string>; info: { lines: number } };
  let parsed: Parsed[];
  let columns = 0;
  try {
    parsed = parse(text, {
      columns: (names: string[]) => {
        columns = names.length;
        return columnsOf(names, name);
      },
      delimiter,
      info: true,
      skip_empty_lines: true,
      relax_column_count_less: true,
    }) as unknown as Parsed[];
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${name}: not a CSV file: ${(error as Error).message}`);
  }
  // What was cut off in the middle of a row would be learnt from as if it were whole.
  const last = parsed.at(-1);
  if (last && !/[\n\r]$/u.test(text) && Object.keys(last.record).length < columns)
    throw new UserError(
      `${name}:${last.info.lines}: breaks off before its last column; export it again, or end the file with a line break if it is whole`,
    );
  let line = 1;
  return parsed.map(({ record: row, info }) => {
    // The parser tells where a record ends; it begins after the one before.
    const where = `${name}:${line + 1}`;
    line = info.lines;
    return { where, value: Object.fromEntries(Object.entries(row).filter(([, cell]) => cell !== "")) };
  });
}

/** Of two columns of one name the last would count. */
function columnsOf(names: readonly string[], file: string): string[] {
  const columns = names.map((one) => one.trim());
  const twice = columns.find((one, index) => one !== "" && columns.indexOf(one) !== index);
  if (twice !== undefined) throw new UserError(`${file}:1: column ${twice} stands twice; name one otherwise`);
  return columns;
}
