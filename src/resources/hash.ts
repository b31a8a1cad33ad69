import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { moduleFiles } from "../module-files.js";

/**
 * SHA-256 (hex) of a file or folder. A folder's covers its files' names and contents, but for what is only there to be read
 * by people (`.md`); folders in it are left out.
 */
export async function hashPath(path: string): Promise<string> {
  const hash = createHash("sha256");
  if (statSync(path).isFile()) {
    await pipeline(createReadStream(path), hash);
    return hash.digest("hex");
  }
  const entries = await readdir(path, { withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".md"))
    .map(({ name }) => name);
  for (const name of files.sort()) hash.update(`${name}\n${await hashPath(join(path, name))}\n`);
  return hash.digest("hex");
}

/** No module of somebody's own comes near it. */
const MOST_FILES = 1_000;

/** SHA-256 (hex) of a module: of its file, and of the files that it imports by a relative path, which are as much of its code. */
export async function hashModule(file: string): Promise<string> {
  const path = resolve(file);
  const own = await hashPath(path);
  const others = [...moduleFiles(path, MOST_FILES).keys()].filter((one) => one !== path);
  if (others.length === 0) return own;
  const hash = createHash("sha256").update(`${own}\n`);
  for (const other of others.sort())
    hash.update(`${relative(dirname(path), other).replaceAll("\\", "/")}\n${await hashPath(other)}\n`);
  return hash.digest("hex");
}
