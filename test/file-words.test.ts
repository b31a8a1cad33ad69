import { mkdirSync, mkdtempSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { readText } from "../src/engine/files/read-text.js";
import { readSafetensors } from "../src/engine/files/safetensors.js";
import { importFile } from "../src/permissions/index.js";
import { readLines } from "../src/runs/index.js";

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

it("names the module that is not there, and nothing of candor's own files", async () => {
  await expect(importFile(join(folder, "absent.mjs"), "x.yaml: absent.mjs")).rejects.toThrow(
    /^x\.yaml: absent\.mjs: no such file$/u,
  );
  await expect(importFile(join(folder, "inside"), "inside")).rejects.toThrow("inside: is a folder");
});
