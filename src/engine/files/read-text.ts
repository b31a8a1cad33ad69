import { readFile, stat } from "node:fs/promises";
import { UserError } from "../../errors.js";
import { requirePlain, unreadable } from "../../plain-file.js";
import { decodeText } from "../../text-file.js";

/** Reads a text file of a checkpoint. Throws UserError when it cannot be read or is no UTF-8. */
export async function readText(path: string): Promise<string> {
  const text = await readTextIfThere(path);
  if (text === null) throw new UserError(`${path}: no such file`);
  return text;
}

/** Reads a text file of a checkpoint; null where there is none. Throws UserError when it cannot be read or is no UTF-8. */
export async function readTextIfThere(path: string): Promise<string | null> {
  let bytes: Buffer;
  try {
    requirePlain(await stat(path), path);
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw unreadable(error, path);
  }
  return decodeText(bytes, path);
}
