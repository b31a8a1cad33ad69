import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { UserError } from "../errors.js";
import { reasonOf } from "../file-trouble.js";
import { requirePlain, unreadable } from "../plain-file.js";
import { shownPath } from "../shown-path.js";
import { thrownAt } from "../thrown-at.js";
import type { Permissions } from "./permissions.js";

/**
 * Whether code and programs that a file names may run. A scenario is data that people send each other; unless the user says
 * so (`--allow-modules`) no file of theirs can run anything here.
 */
export function mayRunCode({ modules }: Permissions): boolean {
  return modules;
}

/** Throws a UserError unless code and programs may run; `what` says what would. */
export function requireCode(permissions: Permissions, what: string): void {
  if (!mayRunCode(permissions))
    throw new UserError(
      `${what}; add --allow-modules if you trust it, and all other code that the file names`,
    );
}

/** The line of a module that cannot be loaded, as `:3`; nothing where the file itself has no part in it. */
function brokenAt(error: Error, path: string): string {
  const at = thrownAt(error, path);
  if (at) return `:${at.line}${at.column === undefined ? "" : `:${at.column}`}`;
  if (error.name !== "SyntaxError") return "";
  // Of what it cannot read Node keeps the place for its own messages.
  const { stderr } = spawnSync(process.execPath, ["--check", path], { encoding: "utf8" });
  const [, line] = /:(\d+)\r?\n/u.exec(stderr) ?? [];
  return line === undefined ? "" : `:${line}`;
}

/** All that a module exports. Throws a UserError unless modules are allowed. */
export async function importAll(
  path: string,
  permissions: Permissions,
): Promise<Readonly<Record<string, unknown>>> {
  const named = shownPath(path);
  requireCode(permissions, `${named} would run code of its own`);
  return await importFile(path, named);
}

/**
 * Runs a module's file and gives all that it exports; `named` is how messages call it. Whether it may run is asked before. Throws a
 * UserError where there is no such file or it cannot be loaded.
 */
export async function importFile(path: string, named: string): Promise<Readonly<Record<string, unknown>>> {
  // Node would say of a missing file which of candor's own files asked for it.
  try {
    requirePlain(statSync(path), named);
  } catch (error) {
    throw unreadable(error, named);
  }
  return await import(pathToFileURL(path).href).catch((error: Error) => {
    throw new UserError(`${named}${brokenAt(error, path)} cannot be loaded: ${reasonOf(error)}`);
  });
}
