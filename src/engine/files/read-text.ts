import { readFile, stat } from "node:fs/promises";
import { UserError } from "../../errors.js";
import { notPlain, reasonOf } from "../../file-trouble.js";
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
    const other = notPlain(await stat(path));
    if (other !== null) throw new UserError(`${path}: ${other}`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new UserError(`${path}: cannot be read: ${reasonOf(error)}`);
  }
  return decodeText(bytes, path);
}
