import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Interaction } from "../../src/interaction/types.js";
import { type DpoRow, type Selection, toRows } from "../../src/preference/index.js";
import { keepApart } from "../../src/preference/keep-apart.js";
import { talk } from "./talks.js";

const selection = (top: Selection["top"], bottom: Selection["bottom"] = []): Selection => ({
  top,
  bottom,
  unusable: 0,
  wanted: { top: top.length, bottom: bottom.length },
});

describe("toRows", () => {
  it("makes a row of every reply, with the history so far", () => {
    expect(toRows("sft", selection([talk("a", 12)]), "seed")).toEqual({
      method: "sft",
      rows: [
        {
          prompt: [
            { role: "system", content: "help" },
            { role: "user", content: "a" },
          ],
          completion: [{ role: "assistant", content: "a reply 0" }],
          source: { interaction: "a", exchange: 0 },
        },
        {
          prompt: [
            { role: "system", content: "help" },
            { role: "user", content: "a" },
            { role: "assistant", content: "a reply 0" },
            { role: "user", content: "a again" },
          ],
          completion: [{ role: "assistant", content: "a reply 1" }],
          source: { interaction: "a", exchange: 1 },
        },
      ],
    });
  });

  it("makes none of a reply that was broken off", () => {
    const broken = { ...talk("a", 12), cut: [4] };
    expect(toRows("sft", selection([broken]), "seed").rows.map(({ source }) => source.exchange)).toEqual([0]);
    const kto = toRows("kto", selection([{ ...broken, cut: [2, 4] }], [broken]), "seed");
    expect(kto.rows.map(({ source }) => source.exchange)).toEqual([0]);
    const pair = {
      ...talk("a", 12, "a", 1),
      ratings: [5],
      alternatives: [
        [
          { content: "best", rating: 9, cut: true as const },
          { content: "good", rating: 7 },
          { content: "worst", rating: 1, cut: true as const },
        ],
      ],
    };
    expect(toRows("dpo", selection([pair]), "seed").rows).toMatchObject([
      { chosen: [{ content: "good" }], rejected: [{ content: "a reply 0" }] },
    ]);
    expect(toRows("dpo", selection([{ ...pair, cut: [2] }]), "seed").rows).toEqual([]);
  });

  it("labels the top desirable and the bottom undesirable, in an order drawn from the seed", () => {
    const many = (name: string) => Array.from({ length: 10 }, (_, index) => talk(`${name}${index}`, 10));
    const chosen = selection(many("top"), many("bottom"));
    const data = toRows("kto", chosen, "seed");
    if (data.method !== "kto") throw new Error(data.method);
    expect(data.rows).toHaveLength(40);
    for (const { label, source } of data.rows) expect(label).toBe(source.interaction.startsWith("top"));
    const half = data.rows.slice(0, 20).filter(({ label }) => label).length;
    expect(half).toBeGreaterThan(3);
    expect(half).toBeLessThan(17);
    expect(toRows("kto", chosen, "seed")).toEqual(data);
    expect(toRows("kto", chosen, "other seed")).not.toEqual(data);
  });

  it("keeps kto rows of one prompt apart", () => {
    const talks = Array.from({ length: 30 }, (_, index) => talk(`t${index}`, 10, `opening ${index % 3}`, 1));
    const data = toRows("kto", selection(talks.slice(0, 15), talks.slice(15)), "seed");
    const prompts = data.rows.map(({ prompt }) => JSON.stringify(prompt));
    for (let at = 1; at < prompts.length; at += 1) expect(prompts[at]).not.toBe(prompts[at - 1]);
  });

  describe("for dpo", () => {
    const rated = (alternatives: Interaction["alternatives"], ratings: (number | null)[] = [5, 5]) =>
      toRows("dpo", selection([{ ...talk("a", 12), ratings, alternatives }]), "seed").rows as DpoRow[];
    const said = ({ chosen, rejected, source: { exchange } }: DpoRow) => [
      exchange,
      chosen[0]!.content,
      rejected[0]!.content,
    ];
    const reply = (content: string, rating: number | null) => ({ content, rating });

    it("prefers the best rated reply to a turn to the worst, whichever was given", () => {
      const rows = rated([
        [reply("good", 9), reply("bad", 2)],
        [reply("worse", 4), reply("also bad", 4)],
      ]);
      const given = talk("a", 12).messages.filter(({ role }) => role === "assistant");
      expect(rows.map(said)).toEqual([
        [0, "good", "bad"],
        [1, given[1]!.content, "worse"],
      ]);
      expect(rows[0]!.prompt).toEqual(talk("a", 12).messages.slice(0, 2));
      expect(rows[1]!.prompt).toEqual(talk("a", 12).messages.slice(0, 4));
    });

    it("makes no pair of equal ratings, missing ratings or equal words", () => {
      const [first] = talk("a", 12).messages.filter(({ role }) => role === "assistant");
      expect(rated([[reply("x", 5)], [reply("y", null)]])).toEqual([]);
      expect(rated([[reply(first!.content, 1)], []])).toEqual([]);
      expect(rated([[reply("x", 9)], [reply("y", 9)]], [null, null])).toEqual([]);
      expect(rated(undefined)).toEqual([]);
    });

    it("asks for the margin", () => {
      const one = selection([
        { ...talk("a", 12), ratings: [5, 5], alternatives: [[reply("x", 7)], [reply("y", 8)]] },
      ]);
      expect(toRows("dpo", one, "seed", 3).rows).toHaveLength(1);
      expect(toRows("dpo", one, "seed", 4).rows).toHaveLength(0);
    });
  });
});

describe("keepApart", () => {
  it("keeps equal neighbours apart wherever that can be done, and loses nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "a", "a", "b", "c", "d"), { maxLength: 60 }), (keys) => {
        const items = keys.map((key, index) => `${key}${index}`);
        const out = keepApart(items, (item) => item[0]!);
        expect([...out].sort()).toEqual([...items].sort());
        const most = Math.max(
          0,
          ...["a", "b", "c", "d"].map((key) => keys.filter((other) => other === key).length),
        );
        const clashes = out.filter((item, at) => at > 0 && item[0] === out[at - 1]![0]).length;
        // With m of one key and n - m others, at least 2m - n - 1 neighbours must be equal.
        expect(clashes).toBe(Math.max(0, 2 * most - keys.length - 1));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves an order without clashes alone", () => {
    expect(keepApart(["a", "b", "a", "c"], (item) => item)).toEqual(["a", "b", "a", "c"]);
  });
});
