/** A value that may stand in a `sweep.vary` list. */
export type AxisValue = string | number | boolean;

/**
 * A copy of a scenario-like value with one field set by its dotted path; missing parents are made. What lies beside the path
 * is shared with the original, as copying it made grids of thousands of cells slow: treat both as constant. Throws an Error
 * whose message says which parent is not made of fields.
 */
export function withField<T>(value: T, path: string, field: unknown): T {
  const steps = stepsOf(path);
  const copy = { ...(value as Record<string, unknown>) };
  let parent = copy;
  for (const [index, step] of steps.slice(0, -1).entries()) {
    const next = Object.hasOwn(parent, step) ? (parent[step] ?? {}) : {};
    if (typeof next !== "object" || Array.isArray(next)) {
      throw new Error(`${steps.slice(0, index + 1).join(".")} has no fields of its own`);
    }
    const made: Record<string, unknown> = { ...next };
    parent[step] = made;
    parent = made;
  }
  parent[steps.at(-1)!] = field;
  return copy as T;
}

/** Parts of a scenario that hold fields by their whole dotted path: what follows is one name and no part of a part. */
const BY_PATH = /^(sweep\.vary|sweep\.cases\.[^.]+|profiles\.[^.]+)\.(.+)$/u;

function stepsOf(path: string): string[] {
  const [, holder, held] = BY_PATH.exec(path) ?? [];
  return holder === undefined || held === undefined ? path.split(".") : [...holder.split("."), held];
}

/** The fields of a value that nobody has looked at; none where it has none. */
export const fieldsIn = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

/** `withField` for several fields at once. */
export function withFields<T>(value: T, fields: Readonly<Record<string, unknown>>): T {
  return Object.entries(fields).reduce((result, [path, field]) => withField(result, path, field), value);
}

/** U+200D joins emoji. */
const STEP = /^[\p{L}\p{N}\p{So}](?:[\p{L}\p{M}\p{N}\p{So}\p{Sk} _-]|\u200d)*$/u;

/**
 * Whether a dotted path is well formed: personas and cases have names in any script, and of several words. Keeps `__proto__` and
 * the like out of objects.
 */
export function isFieldPath(path: string): boolean {
  return path.split(".").every((step) => STEP.test(step));
}
