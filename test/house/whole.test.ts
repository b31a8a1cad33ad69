import { expect, it } from "vitest";
import { sources } from "./imports.js";

/** Files outside src/whole/ that put a file into its place, each with the reason why. */
const STAY: Record<string, string> = {
  "runs/lock.ts": "a lock is taken over from a dead holder by a link, which a file that is written cannot be",
  "runs/finished.ts": "puts a draft that a kill left in its place, once its hash says that it is whole",
};

/** Whether a file renames, or writes by a library that does. */
function renames(text: string): boolean {
  return (
    /import\s*\{[^}]*\brename(?:Sync)?\b[^}]*\}\s*from\s*"node:fs/u.test(text) ||
    /\bwrite-file-atomic\b/u.test(text)
  );
}

it("puts files into their places in one way", () => {
  const found = sources()
    .filter(({ path, text }) => !path.startsWith("whole/") && renames(text))
    .map(({ path }) => path);
  expect(found.sort()).toEqual(Object.keys(STAY).sort());
});

it("would find another way", () => {
  expect(renames('import { mkdir, rename, rm } from "node:fs/promises";')).toBe(true);
  expect(renames('import { readFileSync, renameSync } from "node:fs";')).toBe(true);
  expect(renames('import writeFileAtomic from "write-file-atomic";')).toBe(true);
  expect(renames('import { rm } from "node:fs/promises";\nawait redis.rename(draft, key);')).toBe(false);
});

/** Files outside src/whole/ that write a file piece by piece, each with where its name comes from should the disk be full. */
const PIECES: Record<string, string> = {
  "runs/lines/grow.ts": "puts the name there itself",
  "export/text.ts": "within a folder that is written whole or not at all, which is named",
  "export/inspect.ts": "within such a folder",
};

/** A write to a file that is open fails without the file's name: nobody would know which disk is full. */
function writesUnnamed(text: string): boolean {
  return /import\s*\{[^}]*\b(?:appendFile(?:Sync)?|createWriteStream)\b[^}]*\}\s*from\s*"node:fs/u.test(text);
}

it("appends to files by what names them when it fails", () => {
  const found = sources()
    .filter(({ path, text }) => !path.startsWith("whole/") && writesUnnamed(text))
    .map(({ path }) => path);
  expect(found.sort()).toEqual(Object.keys(PIECES).sort());
  expect(writesUnnamed('import { appendFileSync, writeFileSync } from "node:fs";')).toBe(true);
  expect(writesUnnamed('import { appendSync } from "../whole/index.js";')).toBe(false);
});
