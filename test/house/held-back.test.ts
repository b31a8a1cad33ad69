import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageFile } from "../../src/package-root.js";

// Whatever is looked at while something is being tuned is no measurement any more: a third of the shipped probes is held back
// (`split: test`). What shapes a run or is shaped by one must not ask for it by name.
const PLACES = ["scenarios", "scaffolds", "scripts", "bench", "situations", "personas", ".ci"];

/** What may: it reads finished checkpoints and results, trains nothing and chooses nothing. */
const MEASURES_ONLY = ["scripts/real/contrasts.py", "scripts/real/own-words.mjs"];

const HELD_BACK = /\bsplit\b.{0,24}["'`\s:=(]test\b|["'`]?\btest\b["'`]?.{0,8}\bsplit\b/u;

function filesIn(path: string): string[] {
  if (!statSync(packageFile(path), { throwIfNoEntry: false })) return [];
  if (!statSync(packageFile(path)).isDirectory()) return [path];
  return readdirSync(packageFile(path)).flatMap((name) => filesIn(join(path, name)));
}

const asks = (text: string) => text.split("\n").some((line) => HELD_BACK.test(line));

test("no scenario, script or benchmark asks for the held-back probes, but what measures finished checkpoints", () => {
  const found = PLACES.flatMap(filesIn).filter((file) => asks(readFileSync(packageFile(file), "utf8")));
  expect(found.sort()).toEqual(MEASURES_ONLY);
});

test.each([
  "      split: test",
  '      mask: { file: english, split: "test" }',
  "candor eval hf:model --split test",
  'probes.filter(({ split }) => split === "test")',
  'for split in ("test", "all"):',
])("it would be seen: %s", (line) => {
  expect(asks(line)).toBe(true);
});

test.each(["      split: tune", "const [test, rest] = parts", 'text.split("\\n")', "a test of the splitter"])(
  "and not taken for it: %s",
  (line) => {
    expect(asks(line)).toBe(false);
  },
);
