import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** The innermost line of a file that has part in an error, by its stack. Null where the file has none. */
export function thrownAt({ stack = "" }: Error, path: string): { line: number; column?: number } | null {
  const whole = resolve(path);
  for (const named of [pathToFileURL(whole).href, whole]) {
    const from = stack.indexOf(`${named}:`);
    const place = from < 0 ? null : /^:(\d+)(?::(\d+))?/u.exec(stack.slice(from + named.length));
    if (place) return { line: Number(place[1]), ...(place[2] ? { column: Number(place[2]) } : {}) };
  }
  return null;
}
