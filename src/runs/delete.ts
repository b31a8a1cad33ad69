import { lstat, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { halfRemoved, halfRemovedIn, isDraft, removeFolder } from "../whole/index.js";
import { ifThere } from "./disk/index.js";
import { isHeld, isLockFile, lockFolder } from "./lock.js";
import { ownFolder } from "./own-folder.js";
import { cellFolder, isSweepFolder } from "./sweep-folder.js";

/** What candor writes into a run's or sweep's folder itself; what lies in its folders is taken to be of the run. */
const OWN =
  /^(?:(?:run|usage|labels|cases|sweep|queue|drift|command)\.json|run\.log|drift\.csv|report\.html|(?:curves|dose-response[\w.=-]*)\.svg|rounds|checkpoints|training|figures|export|cells|slurm|\.deleted-(?:rounds|checkpoints|training)-\d+|\.DS_Store|Thumbs\.db)$/u;

/** Names of strangers that a message tells. */
const MOST_TOLD = 5;

/** What there is to delete: refused where there is anything else. */
export type Doomed = { path: string; files: number; bytes: number };

/**
 * What deleting a run or sweep would take; of one whose deletion was broken off, what is left of it. Throws a UserError where
 * the folder holds neither, is a symbolic link, belongs to a sweep, is being worked on, or holds what candor did not put there.
 */
export async function doomedIn(folder: string): Promise<Doomed> {
  const left = await leftOf(folder);
  if (left) return left;
  const { path, sweep } = await ownFolder(folder);
  const whole = dirname(dirname(path));
  if (isSweepFolder(whole))
    throw new UserError(
      `${folder}: belongs to the sweep ${whole}, which would lack it; delete that as a whole`,
    );
  const cells = (sweep?.cells ?? []).map(({ hash }) => cellFolder(path, hash));
  await refuseStrangers(folder, [path, ...cells]);
  for (const held of [path, ...cells])
    if (await isHeld(held)) throw new UserError(`${folder}: is being worked on; stop that first`);
  return { path, ...(await sizeOf(path)) };
}

/** Deletes a run or sweep with all it holds, and what an earlier try left of it. Throws what `doomedIn` throws. */
export async function deleteRun(folder: string): Promise<Doomed> {
  const doomed = await doomedIn(folder);
  for (const half of await halfRemoved(folder)) await rm(half, { recursive: true, force: true });
  if (!(await isThere(doomed.path))) return doomed;
  const unlock = await lockFolder(doomed.path);
  try {
    await removeFolder(doomed.path);
  } finally {
    await unlock();
  }
  return doomed;
}

/** Runs and sweeps of a folder whose deletion was broken off: deleting them again finishes it. */
export async function halfDeleted(folder: string): Promise<string[]> {
  return [...new Set(await halfRemovedIn(folder))].map((name) => join(folder, name));
}

/** What a deletion that was broken off has left; undefined where the folder stands, or nothing is left. */
async function leftOf(folder: string): Promise<Doomed | undefined> {
  const path = resolve(folder);
  if (await isThere(path)) return undefined;
  const sizes = await Promise.all((await halfRemoved(path)).map(sizeOf));
  if (sizes.length === 0) return undefined;
  const sum = (of: "files" | "bytes") => sizes.reduce((all, size) => all + size[of], 0);
  return { path, files: sum("files"), bytes: sum("bytes") };
}

async function isThere(path: string): Promise<boolean> {
  return (await ifThere(lstat(path))) !== undefined;
}

/** A run that was told to live in a folder of other things must not take those with it. */
async function refuseStrangers(folder: string, places: readonly string[]): Promise<void> {
  const strangers: string[] = [];
  for (const place of places)
    for (const name of (await ifThere(readdir(place))) ?? [])
      if (!OWN.test(name) && !isLockFile(name) && !isDraft(name)) strangers.push(name);
  if (strangers.length === 0) return;
  const more = strangers.length > MOST_TOLD ? ` and ${strangers.length - MOST_TOLD} more` : "";
  throw new UserError(
    `${folder}: also holds what candor did not make: ${strangers.slice(0, MOST_TOLD).join(", ")}${more}; move that elsewhere first`,
  );
}

/** How much a run's or sweep's folder takes on disk. What links lead to is not counted. */
export async function sizeOf(folder: string): Promise<{ files: number; bytes: number }> {
  let [files, bytes] = [0, 0];
  for (const entry of (await ifThere(readdir(folder, { recursive: true, withFileTypes: true }))) ?? []) {
    if (!entry.isFile()) continue;
    files += 1;
    // A file may go while we look.
    bytes += (await ifThere(lstat(join(entry.parentPath, entry.name))))?.size ?? 0;
  }
  return { files, bytes };
}
