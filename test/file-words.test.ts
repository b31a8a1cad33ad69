import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { lookAt } from "../src/check/look.js";
import { readText } from "../src/engine/files/read-text.js";
import { readSafetensors } from "../src/engine/files/safetensors.js";
import { importFile } from "../src/permissions/index.js";
import { readRecords } from "../src/preference/logs/records.js";
import { readLines } from "../src/runs/index.js";
import { parseAxis } from "../src/sweep/axes.js";
import { readTextFile } from "../src/text-file.js";

const folder = mkdtempSync(join(tmpdir(), "candor-words-"));
const circle = join(folder, "circle");
symlinkSync(circle, circle);
mkdirSync(join(folder, "inside"));

// What a file system calls a failure (ELOOP, ENOENT) says nothing to most people.
it.each<[string, (path: string) => unknown]>([
  ["a text file of a checkpoint", readText],
  ["weights", readSafetensors],
  ["a file of a run", (path) => readLines(path, { schema: z.unknown(), advice: "delete it" })],
  ["a module", (path) => importFile(path, path)],
])("says in words why %s cannot be read", async (_what, read) => {
  const told = async (path: string): Promise<string> => {
    try {
      await read(path);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(await told(circle)).toContain("its symbolic links lead in a circle");
  expect(await told(circle)).not.toMatch(/\bE[A-Z]{3,}\b/u);
  expect(await told(join(folder, "inside"))).not.toMatch(/\bE[A-Z]{3,}\b/u);
});

const pipe = join(folder, "pipe.csv");
execFileSync("mkfifo", [pipe]);
const device = join(folder, "device.csv");
symlinkSync("/dev/null", device);

// A pipe that nobody writes to never answers, and the process that waits for it is deaf to signals.
it.each<[string, (path: string) => unknown]>([
  ["a text", readTextFile],
  ["a text file of a checkpoint", readText],
  ["weights", readSafetensors],
  ["a file of a run", (path) => readLines(path, { schema: z.unknown(), advice: "delete it" })],
  ["a file that nobody has said the kind of", lookAt],
  ["logs", (path) => readRecords(path)],
  ["values of an axis", (path) => parseAxis(`seed=@${path}`)],
])("does not wait for %s that is no file", async (_what, read) => {
  const reading = async (path: string) => read(path);
  // The device first: where nobody looks, it reads as nothing at all, and the test does not hang.
  await expect(reading(device)).rejects.toThrow(/is a device or a socket, not a file|is no plain file/u);
  await expect(reading(pipe)).rejects.toThrow(/is a pipe, not a file|is no plain file/u);
});

it("names the module that is not there, and nothing of candor's own files", async () => {
  await expect(importFile(join(folder, "absent.mjs"), "x.yaml: absent.mjs")).rejects.toThrow(
    /^x\.yaml: absent\.mjs: no such file$/u,
  );
  await expect(importFile(join(folder, "inside"), "inside")).rejects.toThrow("inside: is a folder");
});
