import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packageFile } from "../../src/package-root.js";

// docs/reliability.md promises what tests hold it to: each test that it names is there.

const page = readFileSync(packageFile("docs/reliability.md"), "utf8");
const folders = readdirSync(packageFile("test"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** Names of tests in a page, below test/ and without what their names end with. */
function testsIn(text: string): string[] {
  const named = [...text.matchAll(/`(?:test\/)?([a-z-]+(?:\/[a-z-]+)+)`/gu)].map(([, name]) => name!);
  return [...new Set(named.filter((name) => folders.includes(name.split("/")[0]!)))];
}

const isThere = (name: string): boolean =>
  ["", ".test.ts", ".test.tsx", ".ts"].some((ending) => existsSync(packageFile(`test/${name}${ending}`)));

it("names tests that are there", () => {
  expect(testsIn(page).length).toBeGreaterThan(60);
  expect(testsIn(page).filter((name) => !isThere(name))).toEqual([]);
});

it("has a line for each of the 46 faults, with a test", () => {
  const rows = page.split("\n").flatMap((line) => {
    const [, number, , tests] = line.split("|");
    return /^ \d+ $/u.test(number ?? "") ? [{ number: Number(number), tests: testsIn(tests ?? "") }] : [];
  });
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 46 }, (_, index) => index + 1));
  for (const { number, tests } of rows) expect([number, tests.length > 0]).toEqual([number, true]);
});

it("would find one that is not", () => {
  expect(testsIn("| x | `test/sweep/kill`, `sweep/none-such` |").map(isThere)).toEqual([true, false]);
});
