import { pathToFileURL } from "node:url";
import { UserError } from "./errors.js";

const PERMISSION = "CANDOR_ALLOW_MODULES";

/**
 * Allows this process, and those it starts, to run code that scenarios name: what --allow-modules does. A scenario is data
 * that people send each other; without this no file of theirs can run anything here.
 */
export function allowModules(): void {
  process.env[PERMISSION] = "1";
}

/** Whether code and programs that scenarios name may run. */
export function mayRunCode(): boolean {
  return process.env[PERMISSION] === "1";
}

/** Throws a UserError unless code and programs that scenarios name may run; `what` says what would. */
export function needPermission(what: string): void {
  if (!mayRunCode()) throw new UserError(`${what}; add --allow-modules if you trust it`);
}

/** The default export of a module that a scenario names at `where`. Throws a UserError unless modules are allowed. */
export async function importModule(path: string, where: string): Promise<unknown> {
  needPermission(`${where}: ${path} would run code of its own`);
  const module = await import(pathToFileURL(path).href).catch((error: Error) => {
    throw new UserError(`${where}: ${path} cannot be loaded: ${error.message}`);
  });
  return (module as { default?: unknown }).default;
}
