// @ts-check
// Puts what the larger YAML files that ship hold into dist/parsed, each under the hash of its text: to parse minnow's situations
// takes a third of a second of every process that plays with them, and their JSON a hundredth of that (src/yaml/parsed.ts).

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist/parsed");

/** @returns {string[]} the packs' files */
export function packFiles() {
  const folder = join(root, "situations");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".yaml"))
    .map((path) => join(folder, path));
}

/** Writes what is not there yet, and removes what no file holds any more. */
export function carryParsed() {
  const texts = new Map(
    packFiles().map((path) => {
      const text = readFileSync(path, "utf8");
      return [`${createHash("sha256").update(text).digest("hex")}.json`, text];
    }),
  );
  mkdirSync(target, { recursive: true });
  const there = new Set(readdirSync(target));
  for (const name of there) if (!texts.has(basename(name))) rmSync(join(target, name));
  for (const [name, text] of texts) {
    if (there.has(name)) continue;
    const { parse } = createRequire(import.meta.url)("yaml");
    writeFileSync(join(target, name), JSON.stringify(parse(text)));
  }
}
