import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A module's file and those that it imports by a relative path, and they in turn, with their texts; at most so many. */
export function moduleFiles(file: string, most: number): Map<string, string> {
  const texts = new Map<string, string>();
  const open = [file];
  while (open.length > 0 && texts.size < most) {
    const path = open.pop()!;
    if (texts.has(path)) continue;
    const text = textOf(path);
    // It was loaded, so what is not there is none of its files: an import that a comment or a text speaks of.
    if (text === null) continue;
    texts.set(path, text);
    for (const [, named = ""] of text.matchAll(/(?:from|import)\s*\(?\s*["'](\.[^"']*)["']/gu))
      open.push(join(dirname(path), named));
  }
  return texts;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
