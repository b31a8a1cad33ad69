import { readdirSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import type { Complaints } from "../../complaints.js";
import { readCsv } from "../../csv.js";
import { mistaken } from "../../errors.js";
import type { Place } from "../../mistakes.js";
import { readTextFile } from "../../text-file.js";
import { fromLines, type Problem, parseJsonText, parseYaml } from "../../yaml/index.js";

/** A row of a data file, with where it stands. */
export type FileRow = {
  value: unknown;
  place: Place;
  /** Where a field of it stands, in a file that tells. */
  fieldAt?: (path: Problem["path"], part: Problem["at"]) => Place;
  /** The file without folder and ending: some benchmarks say only there what kind a row is of. */
  file: string;
  /** Place in its file, from 1. */
  number: number;
  /** Whether every value is text, as in CSV. */
  textual: boolean;
};

const READ = new Set([".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".yaml", ".yml"]);

/** The files that a path, a folder or a list of either names, sorted within a folder. Throws a UserError where there is none. */
export function filesOf(path: string | readonly string[]): string[] {
  return [path].flat().flatMap((one) => {
    let folder: boolean;
    try {
      folder = statSync(one).isDirectory();
    } catch {
      throw mistaken({ file: one, what: "no such file or folder" });
    }
    if (!folder) return [one];
    const files = readdirSync(one)
      .filter((name) => READ.has(extname(name).toLowerCase()) && !name.startsWith("."))
      .sort();
    if (files.length === 0)
      throw mistaken({ file: one, what: `holds no data files; expected ${[...READ].join(", ")}` });
    return files.map((name) => join(one, name));
  });
}

/**
 * The rows of a CSV file with a head (columns separated by commas, semicolons or tabs), of a list in YAML, of a JSON array, or of JSON lines; a file that begins
 * with `[` is an array, and one that ends in `.json` too, but where each of its lines is a row. A line that is no JSON becomes one of the complaints. Throws a
 * UserError that says where a file is none of these.
 */
export function readRows(path: string, wrong: Complaints): FileRow[] {
  const ending = extname(path).toLowerCase();
  if (OTHERS.has(ending))
    throw mistaken({ file: path, what: `is not read as it is; save it as CSV, a JSON array or JSON lines` });
  const text = readTextFile(path);
  const file = path.replace(/^.*[/\\]/u, "").replace(/\.[^.]*$/u, "");
  if (ending === ".csv" || ending === ".tsv") return csvRows(path, text).map((row) => ({ ...row, file }));
  const array = text.trimStart().startsWith("[") || (ending === ".json" && !isLines(text));
  const rows = /^\.ya?ml$/u.test(ending)
    ? listRows(path, text)
    : array
      ? arrayRows(path, text)
      : lineRows(path, text, wrong);
  return rows.map((row, index) => ({ ...row, file, number: index + 1, textual: false }));
}

/** Forms in which data sets are handed round besides; as text they would be told to be in another encoding. */
const OTHERS = new Set([".parquet", ".arrow", ".feather", ".xlsx", ".xls", ".gz", ".zip", ".zst", ".bz2"]);

/** Whether a text has fields of its own on each of its first two lines: some benchmarks call JSON lines `.json`. */
function isLines(text: string): boolean {
  const [one, other] = text.split("\n", 1_000).filter((line) => line.trim() !== "");
  return other !== undefined && [one!, other].every(isFields);
}

function isFields(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function csvRows(path: string, text: string): Omit<FileRow, "file">[] {
  return readCsv(text, path, { skip: isUnnamed }).map(({ cells, line }, index) => ({
    value: cells,
    place: { file: path, line },
    number: index + 1,
    textual: true,
  }));
}

/** Data frames leave a column of numbers without a name. */
function isUnnamed(column: string): boolean {
  return column === "" || /^Unnamed: \d+$/u.test(column);
}

type Found = Pick<FileRow, "value" | "place" | "fieldAt">;

function arrayRows(file: string, text: string): Found[] {
  if (text.trim() === "") return [];
  const value = parseJsonText(text, { file });
  if (!Array.isArray(value))
    throw mistaken({
      file,
      what: 'expected an array of rows, [{"column": "cell"}, …]; a file of a row on each line ends in .jsonl',
    });
  return value.map((row: unknown, index) => ({ value: row, place: { file, row: index + 1 } }));
}

/** A list in YAML, which may have comments. */
function listRows(file: string, text: string): Found[] {
  const { value, where } = parseYaml(text, file);
  if (!Array.isArray(value))
    throw mistaken({ file, what: 'expected a list of rows, each beginning with "- "' });
  return value.map((row: unknown, index) => ({
    value: row,
    place: { file, line: where([index], "value").line },
    fieldAt: (field, part) => {
      const { line, col } = where([index, ...field], part);
      return { file, line, column: col };
    },
  }));
}

const lineRows = (file: string, text: string, wrong: Complaints): Found[] =>
  fromLines(text, file, wrong, (line, place) => ({ value: parseJsonText(line, place), place }));
