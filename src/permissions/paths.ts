import { realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { mayRunCode } from "./code.js";
import type { Permissions } from "./permissions.js";

/**
 * Whether what a stranger's file names may be touched: it lies in one of the folders, or paths may lead anywhere. Code that may
 * run can read any file, so its permission is enough.
 */
export function mayTouch(permissions: Permissions, path: string, folders: readonly string[]): boolean {
  return permissions.paths || mayRunCode(permissions) || liesIn(path, folders);
}

/**
 * Whether a path lies in one of the folders, links followed. What is hidden (`.ssh`) counts as outside, for the folder may be
 * somebody's home; nothing lies inside `/`.
 */
export function liesIn(path: string, folders: readonly string[]): boolean {
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
