import { type Document, isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import { type InputError, mistaken } from "../errors.js";
import { readTextFile } from "../text-file.js";
import { composeYaml } from "./compose.js";
import { firstOf } from "./first-of.js";
import { shippedValue } from "./parsed.js";

/** Where in a document: field names and list indices from the top. */
export type Path = readonly (string | number)[];

/** What is wrong with a field; `at` says whether its name or its value is to blame. */
export type Problem = { path: Path; message: string; at: "key" | "value" };

/** A YAML file that remembers where each field stands. */
export type YamlFile = {
  /** The file's path as shown in messages. */
  path: string;
  source: string;
  value: unknown;
  /** Line and column (from 1) of a field, or of the nearest enclosing one where the field is missing. */
  where: (path: Path, at: "key" | "value") => { line: number; col: number };
};

/** The longest file: far more than any pack of situations. */
const MOST_BYTES = 8 * 2 ** 20;

/** Reads a YAML file of at most `most` bytes. Throws an InputError that lists every syntax error with its line, or says why it cannot be read. */
export function readYaml(path: string, most = MOST_BYTES): YamlFile {
  return parseYaml(readTextFile(path, { most }), path);
}

/** Parses YAML text; `path` is the name used in messages. Throws an InputError as `composeYaml` does. */
export function parseYaml(source: string, path: string): YamlFile {
  const value = shippedValue(source);
  if (value === undefined) return parseAnew(source, path);
  let parsed: YamlFile | undefined;
  return {
    path,
    source,
    value,
    where: (field, part) => {
      parsed ??= parseAnew(source, path);
      return parsed.where(field, part);
    },
  };
}

function parseAnew(source: string, path: string): YamlFile {
  const { document, at } = composeYaml(source, path);
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw mistaken({ file: path, what: `invalid YAML: ${(error as Error).message}` });
  }
  return { path, source, value, where: (field, part) => at(offsetOf(document, field, part)) };
}

/** `situations[2].users[0].background` */
export function dotted(path: Path): string {
  return path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    "",
  );
}

/** Problems that are looked up: a damaged file has thousands, and nobody reads them. */
const MOST_PLACED = 1_000;

/** Every problem with its place, in the order of the file; of many the first ones, and how many more there are. */
export function problemsIn(file: YamlFile, problems: readonly Problem[]): InputError {
  const placed = problems.slice(0, MOST_PLACED).map(({ path, at, message }) => {
    const { line, col } = file.where(path, at);
    return { file: file.path, line, column: col, field: dotted(path), what: message };
  });
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  // Two rules may say the same of a field.
  const once = [...new Map(placed.map((one) => [JSON.stringify(one), one])).values()];
  return firstOf(once, file.path, problems.length - placed.length);
}

function offsetOf(document: Document, path: Path, part: "key" | "value"): number {
  let node: unknown = document.contents;
  let key = startOf(node) ?? 0;
  let value = key;
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find((item) => nameOf(item.key) === String(step));
      if (pair === undefined) return key;
      key = startOf(pair.key) ?? key;
      value = startOf(pair.value) ?? key;
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) return key;
      key = startOf(item) ?? key;
      value = key;
      node = item;
    } else {
      return key;
    }
  }
  return part === "key" ? key : value;
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}
