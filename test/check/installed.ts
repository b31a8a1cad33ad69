import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { packageFile } from "../../src/package-root.js";
import { folderWith } from "../scenario/files.js";

/** A folder in which candor is installed as npm would do it, with the packages that modules of a user's import. */
export function installedFolder(files: Record<string, string> = {}): string {
  const folder = folderWith(files);
  // The pack of the shipped name that stands in every test's folder would hide the shipped one.
  rmSync(join(folder, "situations/minnow"), { recursive: true });
  install(folder);
  return folder;
}

/** Installs candor in a folder as npm would do it. */
export function install(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(packageFile(""), join(folder, "node_modules/candor"));
  for (const name of ["@langchain", "zod"])
    symlinkSync(packageFile(`node_modules/${name}`), join(folder, `node_modules/${name}`));
}
