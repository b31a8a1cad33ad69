import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { hashModule, hashPath } from "../../src/resources/hash.js";

it("knows a module by its own file and by those that it imports, and they in turn", async () => {
  const folder = mkdtempSync(join(tmpdir(), "candor-module-"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const suite = join(folder, "suite.mjs");
  write("suite.mjs", "// from './gone.mjs'\nexport default 1;\n");
  // By itself as any file, so that runs of before are gone on with.
  expect(await hashModule(suite)).toBe(await hashPath(suite));
  write("suite.mjs", 'import { words } from "./words.mjs";\nexport default words;\n');
  write("words.mjs", 'export { words } from "./more.mjs"; import "./suite.mjs";\n');
  write("more.mjs", "export const words = 1;\n");
  const before = await hashModule(suite);
  expect(await hashModule(suite)).toBe(before);
  write("more.mjs", "export const words = 2;\n");
  const after = await hashModule(suite);
  expect(after).not.toBe(before);
  write("other.mjs", "export const words = 3;\n");
  expect(await hashModule(suite)).toBe(after);
});
