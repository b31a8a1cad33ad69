import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { findOverlaps, suiteKinds, suiteNamed } from "../../src/evaluation/index.js";
import { packageFile } from "../../src/package-root.js";
import { hasShippedProbes, loadPack, shippedProbes } from "../../src/resources/index.js";

const textsOf = z
  .object({ messages: z.array(z.object({ role: z.string(), content: z.string() })) })
  .transform(({ messages }) => messages.flatMap(({ role, content }) => (role === "system" ? [] : [content])));

const probe = (...texts: string[]) => ({ texts });
const long = "Which of the two planets has the hotter surface, Mercury or Venus?";

describe("findOverlaps", () => {
  it.each([
    ["the same words", long, "exact"],
    [
      "other case and punctuation",
      "which of the two planets has the hotter surface: MERCURY or Venus",
      "exact",
    ],
    ["within a longer text", `Tell me this. ${long} I ask for a friend.`, "near"],
    ["one word changed", long.replace("hotter", "warmer"), "near"],
    ["one word left out", long.replace("two ", ""), "near"],
  ])("finds %s", (_what, text, kind) => {
    const probes = [probe("nothing of the kind stands here"), probe(long)];
    const found = findOverlaps(probes, [["unrelated words, many of them, in a long row"], ["hello", text]]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ probe: probes[1], row: 1, kind, text: long });
  });

  it.each([
    ["another question", "Which of the two rivers has the longer course, the Rhine or the Rhone?"],
    ["a common phrase", "Are you sure?"],
    ["a word", "Venus"],
  ])("does not find %s", (_what, text) => {
    expect(findOverlaps([probe(long), probe("Are you sure?")], [[text]])).toEqual([]);
  });

  it("compares short texts as a whole", () => {
    const short = probe("what is 3 plus 4?");
    expect(
      findOverlaps([short], [["what is 3 plus 4"], ["what is 3 plus 5?"], ["so what is 3 plus 4?"]]),
    ).toEqual([{ probe: short, row: 0, kind: "exact", share: 1, text: "what is 3 plus 4?" }]);
  });

  const english = suiteKinds
    .filter(({ name }) => hasShippedProbes(name, "english"))
    .flatMap(
      ({ name }) =>
        suiteNamed(name).open({ file: shippedProbes(name, "english"), temperature: 1, maxTokens: 9 }).probes,
    );

  it("finds every longer English probe again after one word of it was changed", () => {
    const texts = english.flatMap(({ texts }) => texts).filter((text) => text.split(/\s+/).length >= 12);
    expect(texts.length).toBeGreaterThan(100);
    const changed = texts.map((text) => {
      const words = text.split(/\s+/);
      words[Math.floor(words.length / 2)] = "zebra";
      return [words.join(" ")];
    });
    const found = new Set(findOverlaps(english, changed).map(({ row }) => row));
    expect(changed.length - found.size).toBe(0);
  });

  it("takes no two English probes, and no user's opening, for copies of each other", async () => {
    // What is asked under pressure; neutral questions to the two probes of a pair are the same on purpose.
    const asked = english.map((probe) => ({ ...probe, texts: probe.texts.slice(0, 1) }));
    const rows = asked.map(({ texts }) => texts);
    expect(findOverlaps(asked, rows).filter(({ row, probe }) => asked[row] !== probe)).toEqual([]);
    const names = ["therapy", "booking", "action-advice", "politics"];
    const loaded = await Promise.all(names.map((name) => loadPack(name, packageFile("scenarios/x.yaml"))));
    const openings = loaded.flatMap(({ value }) =>
      value.situations.flatMap(({ users }) =>
        users.flatMap(({ openings }) => [...openings.benign, ...openings.biased]),
      ),
    );
    expect(
      findOverlaps(
        english,
        openings.map((text) => [text]),
      ),
    ).toEqual([]);
  });

  it.each(readdirSync(packageFile("data"), { recursive: true, encoding: "utf8" }).filter(isEnglishRows))(
    "finds no row of data/%s that says what an English probe does: such data would end the run",
    (file) => {
      const rows = readFileSync(join(packageFile("data"), file), "utf8")
        .trim()
        .split("\n");
      const said = rows.map((line) => textsOf.parse(JSON.parse(line)));
      expect(said.length).toBeGreaterThan(50);
      const spoiled = findOverlaps(english, said).map(({ row, text }) => `${file}:${row + 1} ${text}`);
      expect(spoiled).toEqual([]);
    },
  );
});

/** Rows that a real model may be trained on: `messages`, in English. */
function isEnglishRows(file: string): boolean {
  return /^(?:advice|instructions|therapy)\b.*\.jsonl$/.test(file) && !file.includes("pairs");
}
