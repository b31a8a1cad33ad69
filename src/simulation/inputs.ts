import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

/**
 * SHA-256 (hex) of each file or folder, by the name it is given. A folder's covers its files' names and contents, but for
 * what is only there to be read by people.
 */
export async function hashInputs(paths: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const [name, path] of Object.entries(paths)) hashes[name] = await hashPath(path);
  return hashes;
}

async function hashPath(path: string): Promise<string> {
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
