import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** What the page's modules import by name. */
const NAMES = ["preact", "preact/hooks", "preact/jsx-runtime", "hono/client"];

const RELATIVE = /\b(?:from|import)\s*["'](\.[^"']+)["']/gu;

/** Modules of libraries as the page loads them from this server. */
export type Libraries = {
  /** The text of the import map, which gives each name the address of its module. */
  importMap: string;
  /** Addresses with the modules' contents. */
  files: ReadonlyMap<string, Buffer>;
};

/** Reads the modules that the page imports by name, with those that they import by a relative path, and no others. */
export function readLibraries(): Libraries {
  const imports: Record<string, string> = {};
  const files = new Map<string, Buffer>();
  for (const name of NAMES) {
    const entry = fileURLToPath(import.meta.resolve(name));
    imports[name] = addressOf(entry);
    add(entry, files);
  }
  return { importMap: JSON.stringify({ imports }), files };
}

function add(path: string, files: Map<string, Buffer>): void {
  const address = addressOf(path);
  if (files.has(address)) return;
  const body = readFileSync(path);
  files.set(address, body);
  for (const [, relative] of body.toString("utf8").matchAll(RELATIVE))
    add(resolve(dirname(path), relative!), files);
}

function addressOf(path: string): string {
  return `/lib/${path.replaceAll("\\", "/").split("/node_modules/").at(-1)}`;
}
