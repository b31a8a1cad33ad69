import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

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
