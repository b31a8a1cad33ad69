import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";
import config from "../../vitest.config.js";
import { HEAVIEST } from "../heaviest-first.js";

// Test files run one after the other in a few processes, for which a process each would take most of the time. So what a file
// does to its process is undone: by vitest (spies, stubs of environment and globals) or by a helper that is named here.

/** What undoes it by itself. */
const UNDOES = ["cli/in-process.ts", "cli/typos.test.ts", "cli/wrong-files.test.ts", "models/module.test.ts"];

const LASTING: readonly [what: string, pattern: RegExp][] = [
  ["a module in another's place", /\bvi\.(?:do)?[mM]ock\(/u],
  ["the environment", /\bprocess\.env(?:\.\w+|\[[^\]]+\])\s*=[^=]|delete process\.env|assign\(process\.env/u],
  ["a global", /\bglobalThis(?:\.\w+|\[[^\]]+\])\s*=[^=]/u],
  ["the working folder", /\bprocess\.chdir\(/u],
];

const lasting = (text: string): string[] =>
  LASTING.filter(([, pattern]) => pattern.test(text)).map(([what]) => what);

const [together, alone] = config.test!.projects as unknown as {
  test: { isolate?: boolean; include: string[]; exclude: string[] };
}[];

const files = readdirSync(packageFile("test"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/u.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name).slice(packageFile("test").length + 1))
  .filter((path) => !path.startsWith("soak/") && path !== "house/together.test.ts");

const UNDONE = {
  restoreMocks: true,
  unstubEnvs: true,
  unstubGlobals: true,
  setupFiles: "test/undone.ts",
};

it("leaves its process as it was, in every file that shares one", () => {
  expect(together!.test.isolate).toBe(false);
  expect(config.test).toMatchObject({ projects: [{ test: UNDONE }, { test: UNDONE }] });
  const own = new Set([...UNDOES, ...alone!.test.include.map((path) => path.slice("test/".length))]);
  const found = files.flatMap((path) => {
    const what = own.has(path) ? [] : lasting(readFileSync(packageFile(`test/${path}`), "utf8"));
    return what.map((one) => `${path}: ${one}`);
  });
  expect(found).toEqual([]);
  // None of them is let off for what it no longer does.
  for (const path of own)
    expect([path, lasting(readFileSync(packageFile(`test/${path}`), "utf8"))]).not.toEqual([path, []]);
});
it("begins with files that are there", () => {
  expect(HEAVIEST.filter((path) => !files.includes(path.slice("test/".length)))).toEqual([]);
});

it.each([
  ['vi.mock("node:fs/promises", () => ({}));', "a module in another's place"],
  ['process.env.CANDOR_TEST_KEY = "x";', "the environment"],
  ['Object.assign(process.env, { A: "x" });', "the environment"],
  ["delete process.env[name];", "the environment"],
  ["globalThis.fetch = none;", "a global"],
  ["process.chdir(folder);", "the working folder"],
])("would find %j", (text, what) => {
  expect(lasting(text)).toEqual([what]);
});
