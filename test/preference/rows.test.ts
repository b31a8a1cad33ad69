import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UserError } from "../../src/errors.js";
import { type Selection, toRows } from "../../src/preference/index.js";
import { spread } from "../../src/preference/spread.js";
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

  it("explains what dpo lacks", () => {
    expect(() => toRows("dpo", selection([]), "seed")).toThrow(UserError);
  });
});

describe("spread", () => {
  it("keeps equal neighbours apart wherever that can be done, and loses nothing", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "a", "a", "b", "c", "d"), { maxLength: 60 }), (keys) => {
        const items = keys.map((key, index) => `${key}${index}`);
        const out = spread(items, (item) => item[0]!);
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
    expect(spread(["a", "b", "a", "c"], (item) => item)).toEqual(["a", "b", "a", "c"]);
  });
});
