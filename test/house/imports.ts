import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageFile } from "../../src/package-root.js";

/** One import: which file of src/ imports which, both below src/; `types` where nothing of it is left when it runs. */
export type Import = { from: string; to: string; types: boolean; names: string };

const STATEMENT = /^(?:import|export)\s+(type\s+)?([^;"']*?)\s*(?:from\s+)?["'](\.[^"']+)["']/gmu;
const DYNAMIC = /\bimport\(\s*["'](\.[^"']+)["']\s*\)/gu;

/** Every source file below src/, with its text. */
export function sources(): { path: string; text: string }[] {
  const root = packageFile("src");
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: file.slice(root.length + 1), text: readFileSync(file, "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every import of one file of src/ by another. */
export function imports(files = sources()): Import[] {
  const known = new Set(files.map(({ path }) => path));
  return files.flatMap(({ path, text }) => {
    const resolved = (specifier: string): string => {
      const plain = join(dirname(path), specifier).replace(/\.jsx?$/u, "");
      const found = [`${plain}.ts`, `${plain}.tsx`].find((one) => known.has(one));
      return found ?? plain;
    };
    const fixed = [...text.matchAll(STATEMENT)].map(([, type, names, to]) => ({
      from: path,
      to: resolved(to!),
      types: type !== undefined,
      names: names!,
    }));
    const later = [...text.matchAll(DYNAMIC)].map(([, to]) => ({
      from: path,
      to: resolved(to!),
      types: false,
      names: "",
    }));
    return [...fixed, ...later];
  });
}

/** The folder of src/ that a file lies in; empty for those beside each other in src/ itself. */
export function folderOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.indexOf("/")) : "";
}
