import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program named by an environment variable or found on PATH; undefined where there is none. */
export function findProgram(variable: string, name: string): string | undefined {
  const named = process.env[variable];
  if (named) return named;
  const places = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, name));
  return places.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
