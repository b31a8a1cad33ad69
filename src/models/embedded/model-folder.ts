import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

const MARKS = ["config.json", "adapter_config.json"];

/**
 * The last model folder in a folder, itself included, at most two below it, such as a run's last checkpoint; null where there is
 * none, or no such folder. For messages to those who name the run and mean its model.
 */
export function modelFolderIn(folder: string, depth = 2): string | null {
  if (MARKS.some((name) => existsSync(join(folder, name)))) return folder;
  if (depth === 0) return null;
  const below = foldersIn(folder).sort().reverse();
  for (const name of below) {
    const found = modelFolderIn(join(folder, name), depth - 1);
    if (found !== null) return found;
  }
  return null;
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}
