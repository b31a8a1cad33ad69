import type { z } from "zod";
import { InputError, mistaken } from "../errors.js";
import type { Place } from "../mistakes.js";
import { check } from "./check.js";
import { dotted, type Problem, parseYaml, problemsIn } from "./file.js";
import { firstOf } from "./first-of.js";
import { repeatedKey } from "./repeated-key.js";

/** Longest text in which the place of a field is looked for: a second reading that a large vocabulary is not worth. */
const MOST_PLACED = 2 ** 20;

/** Where a text comes from: the file's name in messages, and for a line of JSON lines which one, from 1. */
export type TextPlace = Pick<Place, "file" | "line">;

/** Parses JSON. Throws an InputError with the place where it is none, or a field stands twice; `advice` ends it. */
export function parseJsonText(text: string, { file, line: first = 1 }: TextPlace, advice = ""): unknown {
  const wrong = ({ line, col }: { line: number; col: number }, what: string): InputError =>
    mistaken({ file, line: first + line - 1, column: col, what: `${what}${ending(advice)}` });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const fault = jsonFault(text, error);
    throw wrong(fault, `invalid JSON: ${fault.words}`);
  }
  const twice = repeatedKey(text);
  if (twice === null) return value;
  const name = JSON.stringify(twice.key.slice(0, 80));
  throw wrong(lineAndColumn(text, twice.at), `${name} stands twice; keep one`);
}

/** Where and why `JSON.parse` would not read a text, from the error that it threw. */
export function jsonFault(text: string, error: unknown): { line: number; col: number; words: string } {
  const { message } = error as Error;
  const at = faultAt(text, message);
  const word = /^(?:-?Infinity|[A-Za-z]+)/u.exec(text.slice(at, at + 12))?.[0];
  const meant = word === undefined ? undefined : OTHERS[word];
  const words = meant === undefined ? inWords(message) : `unexpected ${word}; write ${meant}`;
  return { ...lineAndColumn(text, at), words };
}

/** What Python writes, and what of JSON says the same. */
const OTHERS: Readonly<Record<string, string>> = {
  NaN: "null",
  Infinity: "null",
  "-Infinity": "null",
  None: "null",
  True: "true",
  False: "false",
};

/**
 * Parses JSON and checks it by a schema: the data with defaults filled in. Throws an InputError with every problem; `advice` ends
 * the last.
 */
export function readCheckedJson<T extends z.ZodType>(
  schema: T,
  text: string,
  place: TextPlace,
  advice = "",
): z.output<T> {
  const { ok, data, problems } = check(schema, parseJsonText(text, place, advice));
  if (ok) return data;
  const { mistakes, unshown } = placedIn(text, place, problems);
  const last = mistakes.at(-1)!;
  throw new InputError(
    [...mistakes.slice(0, -1), { ...last, what: `${last.what}${ending(advice)}` }],
    unshown,
  );
}

/** JSON is YAML too, whose reader knows where each field stands; what it will not read is told without column. */
function placedIn(text: string, place: TextPlace, problems: readonly Problem[]): InputError {
  const { file, line = 1 } = place;
  if (text.length <= MOST_PLACED)
    try {
      const yaml = parseYaml(text, file);
      const where: typeof yaml.where = (field, at) => {
        const found = yaml.where(field, at);
        return { ...found, line: found.line + line - 1 };
      };
      return problemsIn({ ...yaml, where }, problems);
    } catch {
      // A field twice, or nested too deeply for it.
    }
  return firstOf(
    problems.map(({ path, message }) => ({ ...place, field: dotted(path), what: message })),
    file,
  );
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
