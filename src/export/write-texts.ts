import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes texts by their file's name into a folder and returns the files. */
export function writeTexts(files: Readonly<Record<string, string>>, out: string): string[] {
  return Object.entries(files).map(([name, text]) => {
    const path = join(out, name);
    writeFileSync(path, text);
    return path;
  });
}
