import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDocument } from "yaml";
import { packageFile } from "../../src/package-root.js";
import { pages } from "./page.js";

const FENCE = /^ *```\S*$/u;

describe.each(pages)("blocks of %s", (page) => {
  const text = readFileSync(packageFile(page), "utf8");

  it("begin and end with lines of their own", () => {
    const fences = text.split("\n").filter((line) => line.includes("```"));
    expect(fences.filter((line) => !FENCE.test(line))).toEqual([]);
    expect(fences.length % 2).toBe(0);
  });

  it("are YAML where they say so", () => {
    for (const [, block] of text.matchAll(/^ *```yaml\n(.*?)^ *```$/gmsu))
      expect(parseDocument(block!).errors.map(({ message }) => message)).toEqual([]);
  });
});
