import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { reasonOf } from "../../file-trouble.js";
import { DamagedFile } from "./damaged.js";

/** Whether a file is to be read wherever links lead, or only if it lies in a folder, all links followed. */
export type Within = string | undefined;

/** What a reading of the disk gives; undefined where there is nothing of that name. */
export async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/**
 * Opens a plain file for reading; undefined where there is none. Throws a DamagedFile where something else stands in its
 * place (a folder, or a pipe that would never answer), where it may not be read, or where it lies outside `within`.
 */
export async function openPlain(path: string, within?: Within): Promise<FileHandle | undefined> {
  if (within !== undefined && !(await liesWithin(path, within)))
    throw new DamagedFile(
      path,
      `leads out of ${within} by a symbolic link`,
      "put the file itself in its place",
    );
  const file = await opened(path);
  if (!file) return undefined;
  const isFile = await file.stat().then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return file;
  await file.close();
  throw new DamagedFile(path, "is no plain file", "take it away");
}

async function opened(path: string): Promise<FileHandle | undefined> {
  try {
    return await ifThere(open(path, constants.O_RDONLY | constants.O_NONBLOCK));
  } catch (error) {
    throw new DamagedFile(
      path,
      `cannot be read: ${reasonOf(error)}`,
      "see whose it is and what the disk says",
    );
  }
}

/** Whether a path, all links followed, lies in a folder or is nowhere. */
async function liesWithin(path: string, folder: string): Promise<boolean> {
  const target = await ifThere(realpath(path).catch(unlessLoop));
  if (target === undefined) return true;
  if (target === "") return false;
  const steps = relative(await realpath(folder), target);
  return !isAbsolute(steps) && steps !== ".." && !steps.startsWith(`..${sep}`);
}

/** Whether there is something at a path and, all links followed, it lies in a folder. */
export async function isWithin(folder: string, path: string): Promise<boolean> {
  return (await ifThere(stat(path).catch(unlessLoop))) !== undefined && (await liesWithin(path, folder));
}

function unlessLoop(error: NodeJS.ErrnoException): string {
  if (error.code === "ELOOP") return "";
  throw error;
}

/** The whole of a small plain file. Throws a DamagedFile where it has more than `most` bytes. */
export async function readPlain(
  path: string,
  { most, within }: { most: number; within?: Within },
): Promise<Buffer | undefined> {
  const file = await openPlain(path, within);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    if (size > most)
      throw new DamagedFile(path, `has ${size} bytes, more than any that candor writes`, "take it away");
    return await file.readFile();
  } finally {
    await file.close();
  }
}
