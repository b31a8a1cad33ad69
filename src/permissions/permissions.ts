/**
 * What the user lets files that may be a stranger's do: scenarios, adapters, run folders. A value that is passed to whoever
 * reads them; nothing deeper in the house looks at the environment.
 */
export type Permissions = Readonly<{
  /** Name files and folders anywhere. */
  paths: boolean;
  /** Send keys to servers of their choice. */
  keys: boolean;
  /** Run code and programs; code can read any file and the environment, so the other two come with it. */
  modules: boolean;
}>;

/** What a stranger's file may do unless the user says more. */
export const NOTHING: Permissions = { paths: false, keys: false, modules: false };

const VARIABLES: Readonly<Record<keyof Permissions, string>> = {
  paths: "CANDOR_ALLOW_PATHS",
  keys: "CANDOR_ALLOW_KEYS",
  modules: "CANDOR_ALLOW_MODULES",
};

const NAMES = Object.keys(VARIABLES) as (keyof Permissions)[];

/** What the user says on the command line or, for programs that others start, in the environment (`CANDOR_ALLOW_PATHS=1`). */
export function permissionsOf(
  options: Partial<Permissions>,
  environment: Readonly<Record<string, string | undefined>>,
): Permissions {
  const one = (name: keyof Permissions): boolean =>
    options[name] === true || environment[VARIABLES[name]] === "1";
  return { paths: one("paths"), keys: one("keys"), modules: one("modules") };
}

/** Permissions as the environment of a program that is to have them: variables that it must not inherit are empty. */
export function asEnvironment(permissions: Permissions): Record<string, string> {
  return Object.fromEntries(NAMES.map((name) => [VARIABLES[name], permissions[name] ? "1" : ""]));
}
