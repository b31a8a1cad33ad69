import { UserError } from "../errors.js";
import { didYouMean } from "../yaml/index.js";
import { isFieldPath, withField } from "./fields.js";

/** A field that something other than its own place in the file has set; `option` names it in messages. */
export type Override = { option: string; path: string };

/**
 * A scenario as written with the fields of one of its `profiles` set: the one that `chosen` or else its own field `profile`
 * names. Neither is part of the result. Throws a UserError on a profile that does not exist or cannot be applied.
 */
export function withProfile(
  value: unknown,
  chosen: string | undefined,
  where: string,
): { value: unknown; applied: Override[] } {
  if (!isRecord(value)) return { value, applied: [] };
  const { profiles, profile, ...rest } = value;
  const name = chosen ?? profile;
  if (name === undefined || name === null) return { value: rest, applied: [] };
  const known = isRecord(profiles) ? profiles : {};
  const fields = typeof name === "string" && Object.hasOwn(known, name) ? known[name] : undefined;
  if (!isRecord(fields))
    throw new UserError(
      `${where}: unknown profile "${String(name)}"${didYouMean(String(name), Object.keys(known))}`,
    );
  const option = `profile ${String(name)}`;
  const applied = Object.keys(fields).map((path) => ({ option, path }));
  for (const path of Object.keys(fields)) {
    const outer = Object.keys(fields).find((other) => path.startsWith(`${other}.`));
    if (outer !== undefined)
      throw new UserError(
        `${where}: ${option}: ${path}: lies within ${outer}, which stands there too; write it there`,
      );
  }
  const set = Object.entries(fields).reduce<object>((result, [path, field]) => {
    if (!isFieldPath(path))
      throw new UserError(
        `${where}: ${option}: ${path}: expected a dotted field path such as population.size`,
      );
    try {
      return withField(result, path, field);
    } catch (error) {
      throw new UserError(`${where}: ${option}: ${path}: ${(error as Error).message}`);
    }
  }, rest);
  return { value: set, applied };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
