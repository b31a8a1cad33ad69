import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { extname } from "node:path";
import { UserError } from "../errors.js";
import { requirePlain } from "../plain-file.js";
import { separatorOf, separatorWords } from "../separator.js";
import { readYaml } from "../yaml/index.js";
import type { Look } from "./types.js";

/** Bytes of a file of rows that are looked at; the first row stands in them, or it is an odd file. */
const FIRST = 256 * 1024;

const ROWS = new Set([".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet"]);
const CODE = new Set([".js", ".mjs", ".cjs"]);

/** A first look at a path. Throws a UserError where nothing is there, or YAML that cannot be parsed. */
export function lookAt(path: string): Look {
  if (!existsSync(path)) throw new UserError(`${path}: no such file or folder`);
  const found = statSync(path);
  if (found.isDirectory()) return { path, form: "folder", value: undefined };
  requirePlain(found, path);
  const ending = extname(path).toLowerCase();
  if (/^\.ya?ml$/u.test(ending)) return { path, form: "yaml", value: readYaml(path).value };
  if (ROWS.has(ending)) return { path, form: "rows", value: firstRow(path, ending) };
  return { path, form: CODE.has(ending) ? "code" : "other", value: undefined };
}

function firstRow(path: string, ending: string): unknown {
  const text = beginning(path);
  const [first = ""] = text.trimStart().split("\n");
  if (ending === ".csv" || ending === ".tsv")
    return Object.fromEntries(first.split(separatorOf(first)).map((name) => [plain(name), ""]));
  return parsed(first) ?? loosely(text);
}

/** Of a JSON array, or an object over many lines: the names that its first object seems to have. */
function loosely(text: string): unknown {
  const whole = parsed(text);
  if (Array.isArray(whole)) return whole[0];
  if (whole !== undefined) return whole;
  const names = [...text.slice(0, 20_000).matchAll(/"([A-Za-z_]\w*)"\s*:/gu)].map(([, name]) => [name, ""]);
  return names.length > 0 ? Object.fromEntries(names) : undefined;
}

const plain = (name: string): string => name.trim().replace(/^"|"$/gu, "");

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function beginning(path: string): string {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(FIRST);
    return bytes.toString("utf8", 0, readSync(file, bytes, 0, FIRST, 0));
  } finally {
    closeSync(file);
  }
}

/** Whether a path is a table: rows under a head, which say what they are by its columns alone. */
export function isTable(path: string): boolean {
  return /\.(?:csv|tsv|parquet)$/iu.test(path);
}

/** What the columns of a table in text are separated by, in words; null for what is none. */
export function separatedBy(path: string): string | null {
  return /\.(?:csv|tsv)$/iu.test(path) ? separatorWords(separatorOf(beginning(path))) : null;
}

/** The names of a value's fields; none where it has none. */
export function fieldsOf(value: unknown): string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}

/** Share of a value's fields that are among the known ones; 0 where it has none of them. */
export function shareKnown(value: unknown, known: readonly string[]): number {
  const fields = fieldsOf(value);
  const hits = fields.filter((name) => known.includes(name)).length;
  return fields.length === 0 ? 0 : hits / fields.length;
}
