import type { z } from "zod";
import { check, dotted, jsonFault } from "../../yaml/index.js";

/** What is wrong with a value that was read, in a few words; undefined where it is as it should be. */
export function problemOf(schema: z.ZodType, value: unknown): string | undefined {
  const [problem] = check(schema, value).problems;
  if (problem === undefined) return undefined;
  const field = dotted(problem.path);
  return field === "" ? problem.message : `${field}: ${problem.message}`;
}

/** Parses JSON. Throws an Error that says what is wrong, without naming a file. */
export function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`invalid JSON: ${jsonFault(text, error).words}`);
  }
}

/** Parses a text and checks what it holds. Throws an Error that says what is wrong, without naming a file. */
export function parseChecked<T>(schema: z.ZodType<T>, text: string): T {
  return checkedAsRead(schema, parseText(text));
}

/** A value that was read, once it is as it should be. Throws an Error that says what is wrong. */
export function checkedAsRead<T>(schema: z.ZodType<T>, value: unknown): T {
  const problem = problemOf(schema, value);
  if (problem !== undefined) throw new Error(problem);
  // As it was read, not as the schema gives it: what is written again must have its fields in the same order.
  return value as T;
}
