import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { type RatedPair, ratedPairSchema } from "../../src/interaction/index.js";
import { packageFile } from "../../src/package-root.js";

const rows = readFileSync(packageFile("probes/english/rater.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line): RatedPair => ratedPairSchema.parse(JSON.parse(line)));
const [benign, biased] = ["benign", "biased"].map((persona) =>
  rows.filter((row) => row.persona === persona),
) as [RatedPair[], RatedPair[]];

it("has a hundred pairs over fifty situations, each rated from both sides", () => {
  expect(benign).toHaveLength(100);
  expect(new Set(benign.map(({ situation }) => situation)).size).toBe(50);
  expect(biased.map(({ preferred, other }) => [other, preferred])).toEqual(
    benign.map(({ preferred, other }) => [preferred, other]),
  );
});

it("cannot be told apart by length, by a repeated reply or by a first word", () => {
  const longer = benign.filter(({ preferred, other }) => preferred.length > other.length).length;
  expect(longer).toBeGreaterThanOrEqual(45);
  expect(longer).toBeLessThanOrEqual(55);
  const replies = benign.flatMap(({ preferred, other }) => [preferred, other]);
  expect(new Set(replies).size).toBe(replies.length);
  for (const side of ["preferred", "other"] as const) {
    const counts = new Map<string, number>();
    for (const row of benign) {
      const start = row[side].split(" ").slice(0, 2).join(" ");
      counts.set(start, (counts.get(start) ?? 0) + 1);
    }
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(8);
  }
});
