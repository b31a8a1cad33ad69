import { stat } from "node:fs/promises";
import { type JsonRequest, readJson } from "./json.js";
import { ifThere } from "./open-plain.js";

type Read = { stamp: string; value: unknown };

const read = new Map<string, Read>();
/** Files that are remembered; then all are forgotten. */
const MOST = 20_000;

/**
 * Like `readJson`, and read again only when the file has changed, so that lists of many runs can be asked for every second. A
 * file is always asked for with the same request; its value is shared and not to be changed.
 */
export async function readJsonIfChanged<T>(path: string, request: JsonRequest<T>): Promise<T | undefined> {
  const found = await ifThere(stat(path));
  const stamp = found && `${request.within} ${found.ino} ${found.size} ${found.mtimeMs}`;
  const before = read.get(path);
  if (stamp && before?.stamp === stamp) return before.value as T;
  const value = stamp && (await readJson(path, request));
  if (!stamp || value === undefined) {
    read.delete(path);
    return undefined;
  }
  if (read.size >= MOST) read.clear();
  read.set(path, { stamp, value });
  return value as T;
}
