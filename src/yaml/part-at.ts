import type { Path } from "./file.js";

/**
 * What stands at a path of a value that nobody has looked at, in fields and lists; undefined where nothing does. Only what was written
 * counts: not what every object inherits, nor the length that every list has.
 */
export const partAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>(
    (part, step) =>
      typeof part === "object" && part !== null && Object.prototype.propertyIsEnumerable.call(part, step)
        ? (part as Readonly<Record<string | number, unknown>>)[step]
        : undefined,
    value,
  );
