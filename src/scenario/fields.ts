/** A value that may stand in a `sweep.vary` list. */
export type AxisValue = string | number | boolean;

/**
 * A deep copy of a scenario-like value with one field set by its dotted path; missing parents are made. Throws an Error
 * whose message says which parent is not made of fields.
 */
export function withField<T>(value: T, path: string, field: unknown): T {
  const copy = structuredClone(value);
  const steps = path.split(".");
  let parent = copy as Record<string, unknown>;
  for (const [index, step] of steps.slice(0, -1).entries()) {
    if (!Object.hasOwn(parent, step) || parent[step] === null) parent[step] = {};
    const next = parent[step];
    if (typeof next !== "object" || next === null || Array.isArray(next)) {
      throw new Error(`${steps.slice(0, index + 1).join(".")} has no fields of its own`);
    }
    parent = next as Record<string, unknown>;
  }
  parent[steps.at(-1)!] = field;
  return copy;
}

/** `withField` for several fields at once. */
export function withFields<T>(value: T, fields: Readonly<Record<string, unknown>>): T {
  return Object.entries(fields).reduce((result, [path, field]) => withField(result, path, field), value);
}

/** Whether a dotted path is well formed; keeps `__proto__` and the like out of objects. */
export function isFieldPath(path: string): boolean {
  return path.split(".").every((step) => /^[a-z0-9][a-z0-9_-]*$/i.test(step));
}
