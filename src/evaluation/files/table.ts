import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Complaints } from "../../complaints.js";
import { UserError } from "../../errors.js";
import { separatorOf } from "../../separator.js";
import { readTextFile } from "../../text-file.js";
import { parseJsonText, parseYaml } from "../../yaml/index.js";

/** A row of a data file, with where it stands for messages: `file.csv:12`, or `file.json row 3`. */
export type FileRow = {
  value: unknown;
  where: string;
  /** The file without folder and ending: some benchmarks say only there what kind a row is of. */
  file: string;
  /** Place in its file, from 1. */
  number: number;
  /** Whether every value is text, as in CSV. */
  textual: boolean;
};

const READ = new Set([".csv", ".json", ".jsonl", ".ndjson", ".yaml", ".yml"]);

/** The files that a path, a folder or a list of either names, sorted within a folder. Throws a UserError where there is none. */
export function filesOf(path: string | readonly string[]): string[] {
  return [path].flat().flatMap((one) => {
    let folder: boolean;
    try {
      folder = statSync(one).isDirectory();
    } catch {
      throw new UserError(`${one}: cannot read the probes: no such file or folder`);
    }
    if (!folder) return [one];
    const files = readdirSync(one)
      .filter((name) => READ.has(extname(name).toLowerCase()) && !name.startsWith("."))
      .sort();
    if (files.length === 0)
      throw new UserError(`${one}: holds no data files; expected ${[...READ].join(", ")}`);
    return files.map((name) => join(one, name));
  });
}

/**
 * The rows of a CSV file with a head (columns separated by commas, semicolons or tabs), of a list in YAML, of a JSON array, or of JSON lines; a file that ends in `.json` or begins
 * with `[` is an array. A line that is no JSON becomes one of the complaints. Throws a UserError that says where a file is none of
 * these.
 */
export function readRows(path: string, wrong: Complaints): FileRow[] {
  const text = readTextFile(path);
  const file = path.replace(/^.*[/\\]/u, "").replace(/\.[^.]*$/u, "");
  const ending = extname(path).toLowerCase();
  if (ending === ".csv") return csvRows(path, text).map((row) => ({ ...row, file }));
  const array = ending === ".json" || text.trimStart().startsWith("[");
  const rows = /^\.ya?ml$/u.test(ending)
    ? listRows(path, text)
    : array
      ? arrayRows(path, text)
      : lineRows(path, text, wrong);
  return rows.map((row, index) => ({ ...row, file, number: index + 1, textual: false }));
}

function csvRows(path: string, text: string): Omit<FileRow, "file">[] {
  type Record = { record: { [column: string]: string }; info: { lines: number } };
  let records: Record[];
  let line = 1;
  try {
    records = parse(text, {
      columns: (head: string[]) => head.map((name, index) => columnOf(path, name, index, head)),
      delimiter: separatorOf(text),
      info: true,
      skip_empty_lines: true,
    }) as unknown as Record[];
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: not a CSV file: ${(error as Error).message}`);
  }
  return records.map(({ record, info }, index) => {
    // The parser tells where a record ends; it begins after the one before.
    const start = line + 1;
    line = info.lines;
    return { value: record, where: `${path}:${start}`, number: index + 1, textual: true };
  });
}

function columnOf(path: string, name: string, index: number, head: readonly string[]): string | undefined {
  const column = name.trim();
  if (column !== "" && head.findIndex((one) => one.trim() === column) !== index)
    throw new UserError(`${path}:1: column ${column} stands twice`);
  // Data frames leave a column of numbers without a name.
  return column === "" || /^Unnamed: \d+$/u.test(column) ? undefined : column;
}

function arrayRows(path: string, text: string): Pick<FileRow, "value" | "where">[] {
  const value = parseJsonText(text, { path });
  if (!Array.isArray(value)) throw new UserError(`${path}: expected an array of rows`);
  return value.map((row: unknown, index) => ({ value: row, where: `${path} row ${index + 1}` }));
}

/** A list in YAML, which may have comments. */
function listRows(path: string, text: string): Pick<FileRow, "value" | "where">[] {
  const { value, where } = parseYaml(text, path);
  if (!Array.isArray(value))
    throw new UserError(`${path}: expected a list of rows, each beginning with "- "`);
  return value.map((row: unknown, index) => ({
    value: row,
    where: `${path}:${where([index], "value").line}`,
  }));
}

function lineRows(path: string, text: string, wrong: Complaints): Pick<FileRow, "value" | "where">[] {
  return text.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const where = `${path}:${index + 1}`;
    return wrong.attempt(() => [{ value: parseJsonText(line, { path, line: index + 1 }), where }]) ?? [];
  });
}
