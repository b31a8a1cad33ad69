import type { z } from "zod";
import { UserError } from "../errors.js";
import { check } from "./check.js";
import { dotted, type Problem, parseYaml, reportProblems } from "./file.js";
import { repeatedKey } from "./repeated-key.js";

/** Longest text in which the place of a field is looked for: a second reading that a large vocabulary is not worth. */
const MOST_PLACED = 2 ** 20;
const MOST_SHOWN = 20;

/** Where a text comes from: the file's name in messages, and for a line of JSON lines which one, from 1. */
export type JsonPlace = { path: string; line?: number };

/** Parses JSON. Throws a UserError `path:line:col invalid JSON: …`; `advice` ends it. */
export function parseJsonText(text: string, place: JsonPlace, advice = ""): unknown {
  const at = ({ line, col }: { line: number; col: number }): string =>
    `${place.path}:${(place.line ?? 1) + line - 1}:${col}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const fault = jsonFault(text, error);
    throw new UserError(`${at(fault)} invalid JSON: ${fault.words}${ending(advice)}`);
  }
  const twice = repeatedKey(text);
  if (twice === null) return value;
  const name = JSON.stringify(twice.key.slice(0, 80));
  throw new UserError(`${at(lineAndColumn(text, twice.at))} ${name} stands twice; keep one${ending(advice)}`);
}

/** Where and why `JSON.parse` would not read a text, from the error that it threw. */
export function jsonFault(text: string, error: unknown): { line: number; col: number; words: string } {
  const { message } = error as Error;
  return { ...lineAndColumn(text, faultAt(text, message)), words: inWords(message) };
}

/**
 * Parses JSON and checks it by a schema: the data with defaults filled in. Throws a UserError with every problem, each on a
 * line `path:line:col field: …`; `advice` ends it.
 */
export function readCheckedJson<T extends z.ZodType>(
  schema: T,
  text: string,
  place: JsonPlace,
  advice = "",
): z.output<T> {
  const { data, problems } = check(schema, parseJsonText(text, place, advice));
  if (data !== undefined || problems.length === 0) return data as z.output<T>;
  throw new UserError(`${report(text, place, problems)}${ending(advice)}`, problems.length);
}

/** JSON is YAML too, whose reader knows where each field stands; what it will not read is told without column. */
function report(text: string, { path, line = 1 }: JsonPlace, problems: readonly Problem[]): string {
  if (text.length <= MOST_PLACED)
    try {
      const file = parseYaml(text, path);
      const where: typeof file.where = (field, at) => {
        const place = file.where(field, at);
        return { ...place, line: place.line + line - 1 };
      };
      return reportProblems({ ...file, where }, problems);
    } catch {
      // A field twice, or nested too deeply for it.
    }
  const at = line === 1 ? path : `${path}:${line}`;
  const shown = problems.slice(0, MOST_SHOWN).map(({ path: field, message }) => {
    const name = dotted(field);
    return name === "" ? `${at}: ${message}` : `${at}: ${name}: ${message}`;
  });
  if (problems.length > shown.length)
    shown.push(`${path}: and ${problems.length - shown.length} more problems`);
  return shown.join("\n");
}

/** The engine tells the position of most faults; of others, where the shortest beginning ends that no text could complete. */
function faultAt(text: string, message: string): number {
  const told = /at position (\d+)/u.exec(message)?.[1];
  if (told !== undefined) return Number(told);
  if (/unexpected end/iu.test(message)) return text.length;
  let [whole, broken] = [0, text.length];
  while (broken - whole > 1) {
    const middle = (whole + broken) >> 1;
    if (isBeginning(text.slice(0, middle))) whole = middle;
    else broken = middle;
  }
  return whole;
}

function isBeginning(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const { message } = error as Error;
    return (
      /unexpected end/iu.test(message) || /at position (\d+)/u.exec(message)?.[1] === String(text.length)
    );
  }
}

function lineAndColumn(text: string, offset: number): { line: number; col: number } {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, col: offset - before.lastIndexOf("\n") };
}

/** `Unexpected token '}', "{"a":}" is not valid JSON` → `unexpected token '}'` */
function inWords(message: string): string {
  const short = message
    .replace(/, (?:\.\.\.)?".*is not valid JSON$/su, "")
    .replace(/(?: in JSON| after JSON)? at position .*$/su, "");
  return short.replace(/ JSON input$/u, " the text").replace(/^[A-Z]/u, (letter) => letter.toLowerCase());
}

const ending = (advice: string): string => (advice === "" ? "" : `; ${advice}`);
