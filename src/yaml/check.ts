import type { z } from "zod";
import type { Place } from "../mistakes.js";
import { explain } from "./explain.js";
import { schemasAt } from "./fields.js";
import { dotted, type Path, type Problem, problemsIn, readYaml } from "./file.js";
import { firstOf } from "./first-of.js";
import { narrowest } from "./narrowest.js";
import { partAt } from "./part-at.js";

type AnySchema = z.core.$ZodType;

/** Reads and checks a YAML file. Throws an InputError with every problem. */
export function readChecked<T extends z.ZodType>(schema: T, path: string): z.output<T> {
  const file = readYaml(path);
  const { ok, data, problems } = check(schema, file.value);
  if (!ok) throw problemsIn(file, problems);
  return data;
}

/** Checks a value against a schema: the data with defaults filled in, or every problem in words a person can act on. */
export function check<T extends z.ZodType>(schema: T, value: unknown): Checked<z.output<T>> {
  const { success, data, error } = schema.safeParse(value, { reportInput: true });
  if (success) return { ok: true, data, problems: [] };
  return {
    ok: false,
    data: undefined,
    problems: narrowest(error.issues).flatMap((issue) => explain(schema, issue, [])),
  };
}

type Checked<T> = { ok: true; data: T; problems: [] } | { ok: false; data: undefined; problems: Problem[] };

/** Whether a value is of another form than a schema's, rather than of its form and yet wrong. */
export const isOtherForm = (schema: z.ZodType, value: unknown): boolean =>
  schema.safeParse(value).error?.issues.some(({ code }) => code !== "custom") ?? false;

/**
 * A value by its schema, with defaults filled in. Throws what `refuse` makes of the first problem: its words begin with the
 * field, and `field` has its name alone (empty for the whole).
 */
export function checked<T extends z.ZodType>(
  schema: T,
  value: unknown,
  refuse: (problem: string, field: string) => Error,
): z.output<T> {
  const { ok, data, problems } = check(schema, value);
  if (ok) return data;
  const { path, message } = problems[0]!;
  const field = dotted(path);
  throw refuse(field === "" ? message : `${field}: ${message}`, field);
}

/** A row of a file by its schema, with defaults filled in. Throws an InputError with every problem; `expected` ends each. */
export function checkedRow<T extends z.ZodType>(
  schema: T,
  value: unknown,
  place: Place,
  expected: string,
): z.output<T> {
  const { ok, data, problems } = check(schema, value);
  if (ok) return data;
  const wrong = problems.map(({ path, message }) => ({
    ...place,
    field: dotted(path),
    what: `${message}; ${expected}`,
  }));
  throw firstOf(wrong, place.file);
}

/**
 * The field at a path of a value that may be wrong elsewhere, checked by its own part of the schema: its data with
 * defaults, or undefined if that field is wrong itself. Lets one pass report unrelated mistakes together.
 */
export function checkedPart<S extends AnySchema, const P extends Path>(
  schema: S,
  value: unknown,
  path: P,
): PartOf<z.output<S>, P> | undefined {
  const part = schemasAt(schema, path)[0] as z.ZodType | undefined;
  return part?.safeParse(partAt(value, path)).data as PartOf<z.output<S>, P> | undefined;
}

/** What stands at a path of a schema's output; unknown where the path is not known in full. */
type PartOf<T, P extends Path> = P extends readonly [infer Step, ...infer Rest extends Path]
  ? T extends undefined
    ? undefined
    : Step extends keyof T
      ? PartOf<T[Step], Rest>
      : unknown
  : P extends readonly []
    ? T
    : unknown;
