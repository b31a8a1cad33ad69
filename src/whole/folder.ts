import { existsSync, readdirSync } from "node:fs";
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { makeWithParents } from "./make-with-parents.js";
import { notWritten } from "./not-written.js";

type Fill<T> = (draft: string) => T | Promise<T>;

/**
 * Makes a folder with what `fill` writes, whole or not at all: it is filled beside its place, synchronised and renamed. What
 * stood in its place is replaced. For whoever has the place to itself.
 */
export async function replaceFolder<T>(folder: string, fill: Fill<T>): Promise<T> {
  const place = resolve(folder);
  // One that an earlier kill left is begun anew.
  const draft = `${place}.draft`;
  const before = `${place}.before.draft`;
  try {
    for (const left of [draft, before]) await rm(left, { recursive: true, force: true });
    await makeWithParents(draft);
    const result = await fill(draft);
    await synchronise(draft);
    // Out of its place in one step: a kill while it is deleted would leave half of it there.
    if (existsSync(place)) await rename(place, before);
    await rename(draft, place);
    await rm(before, { recursive: true, force: true });
    return result;
  } catch (error) {
    if (existsSync(before) && !existsSync(place)) await rename(before, place);
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Makes a folder that a user names, whole or not at all. Throws a UserError if something is there already, or if it cannot be written. */
export async function wholeFolder<T>(folder: string, fill: Fill<T>): Promise<T> {
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new UserError(`${folder} is not empty; name another with --out`);
    return await replaceFolder(folder, fill);
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw notWritten(folder, error);
  }
}

/** Deletes a folder: out of sight in one step, so that nobody finds half of it, and then for good. */
export async function removeFolder(folder: string): Promise<void> {
  const place = resolve(folder);
  const gone = join(dirname(place), `${removedName(basename(place))}${process.pid}`);
  await rename(place, gone);
  await rm(gone, { recursive: true, force: true });
}

/** What a removal that was broken off has left of a folder, by full paths. */
export async function halfRemoved(folder: string): Promise<string[]> {
  const place = resolve(folder);
  const beside = await readdir(dirname(place), { withFileTypes: true }).catch(() => []);
  const start = removedName(basename(place));
  return beside
    .filter((entry) => entry.isDirectory() && entry.name.startsWith(start))
    .filter(({ name }) => /^\d+$/u.test(name.slice(start.length)))
    .map(({ name }) => join(dirname(place), name));
}

/** The folders below one that such removals have left something of, by the names they had. */
export async function halfRemovedIn(parent: string): Promise<string[]> {
  const entries = await readdir(parent, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => {
    const [, name] = (entry.isDirectory() && /^\.deleted-(.+)-\d+$/u.exec(entry.name)) || [];
    return name === undefined ? [] : [name];
  });
}

function removedName(name: string): string {
  return `.deleted-${name}-`;
}

/** After a power cut a renamed folder must not hold empty files. */
async function synchronise(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), "r+");
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
