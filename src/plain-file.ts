import { lstatSync, readFileSync, statSync } from "node:fs";
import { type InputError, mistaken, UserError } from "./errors.js";
import { reasonOf } from "./file-trouble.js";

/** What can be told of what stands at a path. */
type Kind = { isFile: () => boolean; isDirectory: () => boolean; isFIFO: () => boolean };

/**
 * Throws a UserError where what stands at a path is not to be opened for its contents: a pipe may never answer, a device never
 * end. `name` is how messages call it.
 */
export function requirePlain(found: Kind, name: string): void {
  if (found.isFile()) return;
  if (found.isDirectory()) throw mistaken({ file: name, what: "is a folder; name a file in it" });
  const what = found.isFIFO() ? "a pipe" : "a device or a socket";
  throw mistaken({ file: name, what: `is ${what}, not a file; save it as one` });
}

/** Whether something stands at a path, be it a link that leads nowhere: whoever reads it says what is wrong with it. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

/** That there is no file of that name, and for some what may be the cause. */
export const noSuchFile = (name: string, advice?: string): InputError =>
  mistaken({ file: name, what: advice === undefined ? "no such file" : `no such file; ${advice}` });

/** Why a file could not be read, for people. */
export function unreadable(error: unknown, name: string): UserError {
  if (error instanceof UserError) return error;
  if ((error as NodeJS.ErrnoException).code === "ENOENT") return noSuchFile(name);
  return mistaken({ file: name, what: `cannot be read: ${reasonOf(error)}` });
}

/** The bytes of a plain file. Throws a UserError that says why there are none, or where they are more than `most`. */
export function readPlainFile(path: string, { name = path, most = Number.POSITIVE_INFINITY } = {}): Buffer {
  try {
    const found = statSync(path);
    requirePlain(found, name);
    if (found.size > most)
      throw mistaken({ file: name, what: `has ${found.size} bytes; at most ${most} are read` });
    return readFileSync(path);
  } catch (error) {
    throw unreadable(error, name);
  }
}
