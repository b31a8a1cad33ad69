import { createHash } from "node:crypto";
import type { z } from "zod";
import { writeWhole } from "../../whole/index.js";
import { isOtherForm, jsonFault } from "../../yaml/index.js";
import { DamagedFile, ofOtherForm } from "./damaged.js";
import { readPlain, type Within } from "./open-plain.js";
import { problemOf } from "./problem.js";

// A JSON file of a run's folder says by its last field, `check`, what the others are: a bit that has changed is noticed.

/** No such file comes near it. */
const MOST = 256 * 2 ** 20;

export type JsonRequest<T> = {
  schema: z.ZodType<T>;
  /** What to do about a damaged one. */
  advice: string;
  within?: Within;
  /** Looks at what stands there before anything else, e.g. for the version of its format. Throws what is wrong. */
  first?: (fields: Readonly<Record<string, unknown>>) => void;
};

/** Reads a JSON file that `writeJson` wrote; undefined where there is none. Throws a DamagedFile on any other. */
export async function readJson<T>(path: string, request: JsonRequest<T>): Promise<T | undefined> {
  const bytes = await readPlain(path, { most: MOST, within: request.within });
  return bytes && parseJson(path, bytes.toString("utf8"), request);
}

/** Reads the text of a JSON file that `writeJson` wrote. Throws a DamagedFile on any other. */
export function parseJson<T>(path: string, text: string, { schema, advice, first }: JsonRequest<T>): T {
  const damaged = (what: string): DamagedFile => new DamagedFile(path, `is damaged (${what})`, advice);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const { line, col, words } = jsonFault(text, error);
    throw damaged(`${line}:${col} ${words}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw damaged("expected an object");
  first?.(value as Record<string, unknown>);
  const { check, ...fields } = value as Record<string, unknown>;
  if (check !== checkOf(fields)) throw damaged("it is not what was written: its check does not fit");
  const problem = problemOf(schema, fields);
  if (problem === undefined) return fields as T;
  throw isOtherForm(schema, fields) ? ofOtherForm(path, problem, advice) : damaged(problem);
}

/** Writes an object as indented JSON, whole or not at all. */
export async function writeJson(path: string, value: object): Promise<void> {
  await writeWhole(path, jsonText(value));
}

/** The text of such a file. */
export function jsonText(value: object): string {
  // As it will be read: without what JSON leaves out.
  const fields = JSON.parse(JSON.stringify(value)) as object;
  return `${JSON.stringify({ ...fields, check: checkOf(fields) }, null, 2)}\n`;
}

function checkOf(fields: object): string {
  return createHash("sha256").update(JSON.stringify(fields)).digest("hex");
}
