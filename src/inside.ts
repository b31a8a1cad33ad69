import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { mayRunCode } from "./modules.js";

const PERMISSION = "CANDOR_ALLOW_PATHS";

/** Lets what scenarios and adapters name lie anywhere, in this process and those it starts: what --allow-paths does. */
export function allowPaths(): void {
  process.env[PERMISSION] = "1";
}

/**
 * Whether what a stranger's file names may be touched: it lies in one of the folders, links followed, or paths may lead
 * anywhere. What is hidden (`.ssh`) counts as outside, for the folder may be somebody's home; nothing lies inside `/`.
 * Code that may run can read any file, so its permission is enough.
 */
export function isAllowedPath(path: string, folders: readonly string[]): boolean {
  if (process.env[PERMISSION] === "1" || mayRunCode()) return true;
  const target = real(resolve(path));
  return folders.some((folder) => {
    const root = real(resolve(folder));
    const steps = relative(root, target);
    if (root === dirname(root) || isAbsolute(steps)) return false;
    return steps.split(sep).every((step) => !step.startsWith("."));
  });
}

/** The path with all links followed, also where its last parts do not exist. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(real(parent), basename(path));
  }
}
