import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isSweepFolder, runPaths } from "../../runs/index.js";

/** Folders beside one, and the one that they lie in, that hold runs or sweeps too, as another `--out` leaves them. */
export function othersBeside(folder: string): string[] {
  const parent = dirname(resolve(folder));
  const beside = foldersIn(parent).filter((name) => name !== basename(resolve(folder)));
  // What is itself a run or sweep is listed with the folder that it lies in.
  const holding = beside.filter((name) => !isOne(join(parent, name)) && holdsRuns(join(parent, name)));
  return [...(holdsRuns(parent) ? [""] : []), ...holding].map((name) => join(dirname(folder), name)).sort();
}

const isOne = (folder: string): boolean => isSweepFolder(folder) || existsSync(runPaths(folder).run);

const holdsRuns = (folder: string): boolean => foldersIn(folder).some((name) => isOne(join(folder, name)));

/** None where nobody may look. */
function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
      .map(({ name }) => name);
  } catch {
    return [];
  }
}
