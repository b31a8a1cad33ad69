import { readFile, stat } from "node:fs/promises";
import { UserError } from "../../errors.js";

type Read = { stamp: string; value: unknown };

const read = new Map<string, Read>();
const MOST = 20_000;

/**
 * A JSON file's value; undefined where there is none. Parsed again only when the file has changed, so that lists of many runs
 * can be asked for every second. Throws with the file's name on a damaged one.
 */
export async function readIfChanged<T>(path: string): Promise<T | undefined> {
  const found = await unlessMissing(stat(path));
  const stamp = found && `${found.ino} ${found.size} ${found.mtimeMs}`;
  const before = read.get(path);
  if (stamp && before?.stamp === stamp) return before.value as T;
  // It may have gone since.
  const text = stamp && (await unlessMissing(readFile(path, "utf8")));
  if (!stamp || text === undefined) {
    read.delete(path);
    return undefined;
  }
  const value = parse(path, text);
  if (read.size >= MOST) read.clear();
  read.set(path, { stamp, value });
  return value as T;
}

async function unlessMissing<T>(reading: Promise<T>): Promise<T | undefined> {
  return await reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw error;
  });
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${path}: damaged: ${(error as Error).message}`);
  }
}
