import { lstat } from "node:fs/promises";
import { resolve } from "node:path";
import { UserError } from "../errors.js";
import { ifThere, readJson } from "./disk/index.js";
import { runPaths } from "./layout.js";
import { manifestRequest } from "./manifest.js";
import { notARun } from "./not-a-run.js";
import { isSweepFolder, readSweepIn, type SweepManifest } from "./sweep-folder.js";

/** A folder that holds a run or sweep of ours, by its full path. */
export type OwnFolder = { path: string; sweep: SweepManifest | null };

/** Throws a UserError where a folder is a symbolic link, or holds neither a run nor a sweep as candor wrote it. */
export async function ownFolder(folder: string): Promise<OwnFolder> {
  // Without a slash at its end, behind which the system would follow a link.
  const path = resolve(folder);
  const found = await ifThere(lstat(path));
  if (found?.isSymbolicLink())
    throw new UserError(`${folder} is a symbolic link; name the folder that it leads to`);
  if (found && isSweepFolder(path)) return { path, sweep: await readSweepIn(path, { within: path }) };
  const { run } = runPaths(path);
  if (found && (await readJson(run, manifestRequest(run, path)))) return { path, sweep: null };
  throw notARun(folder);
}
