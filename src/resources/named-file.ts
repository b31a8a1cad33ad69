import { dirname, resolve } from "node:path";
import { isThere, noSuchFile } from "../plain-file.js";
import { namedFile } from "../scenario/index.js";
import { shownPath } from "../shown-path.js";

/** A file that a scenario names, beside it or else in a folder that ships. Throws a UserError if it is in neither. */
export function besideOrShipped(name: string, scenarioPath: string, shipped: string): string {
  const found = namedFile(name, scenarioPath, shipped);
  if (found) return found;
  throw noSuchFile(besidePath(name, scenarioPath));
}

/** Where a file or folder stands that a scenario names beside it, as messages call it. */
export const besidePath = (name: string, scenarioPath: string): string =>
  shownPath(resolve(dirname(scenarioPath), name));

/** A file or folder that a scenario names beside it. Throws a UserError if it is not there. */
export function beside(name: string, scenarioPath: string): string {
  const path = besidePath(name, scenarioPath);
  if (isThere(path)) return path;
  throw noSuchFile(path);
}
