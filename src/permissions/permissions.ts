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

/** Permissions, and more that the user gives besides. */
export function withMore(given: Permissions, more: Partial<Permissions>): Permissions {
  const one = (name: keyof Permissions): boolean => given[name] || more[name] === true;
  return { paths: one("paths"), keys: one("keys"), modules: one("modules") };
}
