import { gathered, UserError } from "../errors.js";
import { requireOnce, twice } from "../once.js";
import { parseYaml, partAt, type YamlFile } from "../yaml/index.js";
import { isFieldPath, withField } from "./fields.js";
import { type Override, withProfile } from "./profile.js";

/** A field that is set beside the file: by `field`, to a value, on the word of an option. */
export type Setting = Override & { field: unknown };

const PROFILE = /^\s*profile\s*=\s*/;

/**
 * A file's scenario with fields set, those of a profile first; `instead` counts over all. Throws a UserError with all settings that cannot be read, or that would undo another.
 */
export function applyOverrides(
  file: YamlFile,
  overrides: readonly string[],
  instead: readonly Setting[],
): { value: unknown; applied: Override[] } {
  const profiles = overrides.filter((text) => PROFILE.test(text));
  requireOnce(profiles.map((text) => ({ option: `--set ${text}`, of: "profile" })));
  const { value, applied } = withProfile(file.value, profiles[0]?.replace(PROFILE, ""), file.path);
  let result = value;
  const wrong: UserError[] = [];
  const settings: Setting[] = [];
  for (const text of overrides.filter((text) => !PROFILE.test(text))) {
    const option = `--set ${text}`;
    try {
      const setting = parseOverride(text, option);
      for (const before of settings) requireBoth(before, setting);
      result = withField(result ?? {}, setting.path, setting.field);
      settings.push(setting);
    } catch (error) {
      wrong.push(
        error instanceof UserError ? error : new UserError(`${option}: ${(error as Error).message}`),
      );
    }
  }
  if (wrong.length > 0) throw gathered(wrong);
  for (const { path, field } of instead) result = withField(result ?? {}, path, field);
  return { value: result, applied: [...applied, ...instead, ...settings] };
}

/** Throws a UserError where the later of two settings undoes the one before it, or a part of it: nobody would know which was meant. */
function requireBoth(before: Setting, after: Setting): void {
  if (isWithin(before.path, after.path)) throw twice(before.option, after.option, before.path);
  if (!isWithin(after.path, before.path)) return;
  const rest = after.path.slice(before.path.length + 1).split(".");
  if (partAt(before.field, rest) !== undefined) throw twice(before.option, after.option, after.path);
}

/** `field.path=value` of `--set`, with the value in YAML. Throws a UserError on what is none. */
export function parseOverride(text: string, option = `--set ${text}`): Setting {
  const split = text.indexOf("=");
  const path = text.slice(0, Math.max(split, 0)).trim();
  if (!isFieldPath(path)) {
    throw new UserError(`${option}: expected field.path=value, e.g. --set population.personas.biased=0.2`);
  }
  return { option, path, field: parseYaml(text.slice(split + 1), option).value };
}

/** Whether a field is another, or a part of it. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(`${outer}.`);
}
