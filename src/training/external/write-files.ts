import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../whole/index.js";

/** Writes files by name into a folder, which is made. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeWhole(join(folder, name), text);
}
