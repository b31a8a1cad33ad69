import { readFileSync } from "node:fs";
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { UserError } from "../errors.js";

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

/** Reads a YAML file. Throws a UserError that lists every syntax error with its line, or says why it cannot be read. */
export function readYaml(path: string): YamlFile {
  return parseYaml(readText(path), path);
}

/** Parses YAML text; `path` is the name used in messages. */
export function parseYaml(source: string, path: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number): { line: number; col: number } => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), col: Math.max(col, 1) };
  };
  const complaints = [...document.errors, ...document.warnings];
  if (complaints.length > 0) {
    const texts = complaints.map(({ pos, message }) => {
      const { line, col } = at(pos[0]);
      return `${path}:${line}:${col} invalid YAML: ${message}`;
    });
    throw new UserError(texts.join("\n"));
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw new UserError(`${path}: invalid YAML: ${(error as Error).message}`);
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

/** Every problem on a line of its own, in the order of the file: `scenarios/x.yaml:14:5 population.size: expected …`. */
export function reportProblems(file: YamlFile, problems: readonly Problem[]): string {
  const lines = problems.map((problem) => {
    const { line, col } = file.where(problem.path, problem.at);
    const field = dotted(problem.path);
    return {
      line,
      col,
      text: `${file.path}:${line}:${col} ${field === "" ? "" : `${field}: `}${problem.message}`,
    };
  });
  lines.sort((a, b) => a.line - b.line || a.col - b.col);
  return [...new Set(lines.map(({ text }) => text))].join("\n");
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw new UserError(`${path}: no such file`);
    if (code === "EISDIR") throw new UserError(`${path}: is a folder; name a YAML file in it`);
    throw new UserError(`${path}: cannot be read (${message})`);
  }
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
