import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SelectionSettings, select } from "../../src/preference/index.js";
import { shuffle, stream } from "../../src/random.js";
import { talk } from "./talks.js";

const settings = (extra: Partial<SelectionSettings> = {}): SelectionSettings => ({
  method: "kto",
  top: 0.5,
  bottom: 0.5,
  seed: "1/round/1/preference",
  ...extra,
});
const ids = (talks: { id: string }[]): string[] => talks.map(({ id }) => id);

describe("select", () => {
  it("takes the best and the worst, in the order given", () => {
    const talks = [4, 18, 11, 7, 16, 2].map((reward, index) => talk(`t${index}`, reward));
    const { top, bottom } = select(talks, settings({ top: 2, bottom: 2 }));
    expect([ids(top), ids(bottom)]).toEqual([
      ["t1", "t4"],
      ["t0", "t5"],
    ]);
  });

  it("reads up to 1 as a share and above as a count", () => {
    const talks = Array.from({ length: 10 }, (_, index) => talk(`t${index}`, index));
    const sizes = (top: number, bottom: number) => {
      const selection = select(talks, settings({ top, bottom }));
      return [selection.top.length, selection.bottom.length];
    };
    expect(sizes(0.3, 0.2)).toEqual([3, 2]);
    expect(sizes(0.29, 0.01)).toEqual([2, 1]);
    expect(sizes(3, 2)).toEqual([3, 2]);
    expect(select(talks, settings({ method: "sft", top: 1 })).top).toHaveLength(10);
  });

  it("needs no bottom for sft", () => {
    const talks = Array.from({ length: 10 }, (_, index) => talk(`t${index}`, index));
    const { top, bottom } = select(talks, settings({ method: "sft", top: 0.8 }));
    expect([top.length, bottom.length]).toEqual([8, 0]);
  });

  it("takes all usable ones for dpo, which compares replies and not conversations", () => {
    const talks = [talk("a", 12), talk("b", 3), talk("c", null)];
    const { top, bottom, unusable } = select(talks, { method: "dpo", top: 0.5, bottom: 0.5, seed: "s" });
    expect(top.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(bottom).toEqual([]);
    expect(unusable).toBe(1);
  });

  it("leaves out and counts what failed or was not rated, and never takes it for a rating of 0", () => {
    const failed = { ...talk("failed", 20), error: "the reply is empty" };
    const talks = [talk("a", 5), failed, talk("unrated", null), talk("b", 9)];
    const { top, bottom, unusable } = select(talks, settings());
    expect([ids(top), ids(bottom), unusable]).toEqual([["b"], ["a"], 2]);
  });

  it("shortens both ends when too few are usable, and says what was wanted", () => {
    const talks = Array.from({ length: 9 }, (_, index) => talk(`t${index}`, index < 2 ? null : index));
    const { top, bottom, wanted, unusable } = select(talks, settings({ top: 4, bottom: 5 }));
    expect([top.length, bottom.length, unusable]).toEqual([4, 3, 2]);
    expect(wanted).toEqual({ top: 4, bottom: 5 });
    expect(select([], settings())).toEqual({
      top: [],
      bottom: [],
      unusable: 0,
      wanted: { top: 0, bottom: 0 },
    });
    expect(ids(select([talk("only", 3)], settings()).top)).toEqual(["only"]);
  });

  it("never puts an interaction on both sides, and no reward of the bottom above one of the top", () => {
    const amount = fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 2, max: 50 }));
    const rewards = fc.array(fc.oneof(fc.constant(null), fc.integer({ min: 2, max: 20 })), { maxLength: 50 });
    fc.assert(
      fc.property(rewards, amount, amount, (given, top, bottom) => {
        const talks = given.map((reward, index) => talk(`t${index}`, reward));
        const selection = select(talks, settings({ top, bottom }));
        const both = ids(selection.top).filter((id) => ids(selection.bottom).includes(id));
        expect(both).toEqual([]);
        const least = Math.min(...selection.top.map(({ reward }) => reward!));
        const most = Math.max(...selection.bottom.map(({ reward }) => reward!));
        expect(most).toBeLessThanOrEqual(least);
        expect(selection.top.length + selection.bottom.length + selection.unusable).toBeLessThanOrEqual(
          talks.length,
        );
      }),
    );
  });

  it("breaks ties by the named stream, not by order", () => {
    const talks = Array.from({ length: 40 }, (_, index) => talk(`t${index}`, 10));
    const chosen = ids(select(talks, settings()).top);
    const turned = ids(select(shuffle(stream("x"), talks), settings()).top);
    expect(new Set(turned)).toEqual(new Set(chosen));
    expect(chosen).not.toEqual(ids(talks.slice(0, 20)));
    expect(ids(select(talks, settings({ seed: "2/round/1/preference" })).top)).not.toEqual(chosen);
  });

  it("picks the best and worst of each situation or persona by themselves", () => {
    const of = (id: string, reward: number, situation: string, persona: string) => ({
      ...talk(id, reward),
      situation,
      persona,
    });
    const talks = [
      of("a", 20, "x", "biased"),
      of("b", 18, "x", "biased"),
      of("c", 9, "y", "biased"),
      of("d", 5, "y", "benign"),
      of("e", 4, "y", "benign"),
      of("f", 2, "x", "benign"),
    ];
    const picked = (level?: SelectionSettings["level"]) => {
      const { top, bottom } = select(talks, settings({ top: 0.4, bottom: 0.4, level }));
      return [ids(top).join(""), ids(bottom).join("")];
    };
    expect(picked()).toEqual(["ab", "ef"]);
    expect(picked("global")).toEqual(picked());
    expect(picked("situation")).toEqual(["ac", "ef"]);
    expect(picked("persona")).toEqual(["ad", "cf"]);
    const each = select(talks, settings({ method: "sft", top: 2, level: "persona" }));
    expect([ids(each.top), each.wanted.top]).toEqual([["a", "b", "d", "e"], 4]);
  });
});
