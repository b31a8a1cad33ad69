import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reported, rewardOf } from "../../src/interaction/index.js";
import type { Behaviour } from "../../src/population/index.js";

const scale = { min: 1, max: 10 };
const report = (behaviour: Behaviour, raw: (number | null)[], user = "u1", round = 1) =>
  reported(raw, { behaviour, scale, seed: `7/round/${round}/user/${user}`, trait: `7/person/${user}` });
const users = Array.from({ length: 400 }, (_, index) => `u${index}`);
const rating = fc.integer({ min: 1, max: 10 });
const behaviours = fc.record(
  {
    stretch: fc.double({ min: 0, max: 4, noNaN: true }),
    shift: fc.integer({ min: -9, max: 9 }),
    noise: fc.double({ min: 0, max: 5, noNaN: true }),
    clip: fc.tuple(rating, rating).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]),
    thumbs: rating,
    missing: fc.double({ min: 0, max: 1, noNaN: true }),
    rates: fc.double({ min: 0, max: 1, noNaN: true }),
    coalition: fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      liked: rating,
      disliked: rating,
    }),
  },
  { requiredKeys: [] },
);

describe("reported", () => {
  it("stays on the scale, in whole points, and never turns a missing rating into a number", () => {
    fc.assert(
      fc.property(behaviours, fc.array(fc.option(rating)), fc.string(), (behaviour, raw, user) => {
        const given = report(behaviour, raw, user);
        expect(given).toHaveLength(raw.length);
        for (const [index, value] of given.entries()) {
          if (raw[index] === null) expect(value).toBeNull();
          if (value === null) continue;
          expect(Number.isInteger(value)).toBe(true);
          expect(value).toBeGreaterThanOrEqual(1);
          expect(value).toBeLessThanOrEqual(10);
        }
        expect(report(behaviour, raw, user)).toEqual(given);
      }),
    );
  });

  it.each<[string, Behaviour, number[], number[]]>([
    ["nothing changes nothing, not even fractions", {}, [1, 7.5, 10], [1, 7.5, 10]],
    ["a timid use of the scale", { stretch: 0.5 }, [1, 5, 8, 10], [3, 5, 7, 8]],
    ["an extreme one", { stretch: 3 }, [3, 5, 6, 8], [1, 4, 7, 10]],
    ["a generous one", { shift: 2 }, [1, 5, 9], [3, 7, 10]],
    ["a strict one", { shift: -3 }, [2, 5, 9], [1, 2, 6]],
    ["a narrow one", { clip: [5, 9] }, [1, 5, 7, 10], [5, 5, 7, 9]],
    ["thumbs", { thumbs: 7 }, [1, 6, 7, 10], [1, 1, 10, 10]],
    ["thumbs of strict users", { shift: -2, thumbs: 7 }, [7, 8, 9], [1, 1, 10]],
    ["a coalition", { coalition: { share: 1, liked: 10, disliked: 2 } }, [1, 5, 6, 9], [2, 2, 10, 10]],
    [
      "a coalition overrides noise",
      { noise: 5, coalition: { share: 1, liked: 9, disliked: 1 } },
      [2, 8],
      [1, 9],
    ],
  ])("%s", (_name, behaviour, raw, expected) => {
    expect(report(behaviour, raw)).toEqual(expected);
  });

  it("adds noise of the given size, of its own for every user, reply and round", () => {
    const errors = users.flatMap((user) => report({ noise: 1.5 }, [5, 5], user).map((value) => value! - 5));
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    const sd = Math.sqrt(errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / errors.length);
    expect(Math.abs(mean)).toBeLessThan(0.2);
    // Rounding to whole points adds a variance of 1/12.
    expect(sd).toBeGreaterThan(1.4);
    expect(sd).toBeLessThan(1.65);
    const one = users.map((user) => report({ noise: 1.5 }, [5, 5], user));
    expect(one.some(([first, second]) => first !== second)).toBe(true);
    expect(users.map((user) => report({ noise: 1.5 }, [5, 5], user, 2))).not.toEqual(one);
  });

  it("leaves out the share of ratings and of users it is told, more at a larger share but never others", () => {
    const silent = (rates: number) => users.filter((user) => report({ rates }, [5], user)[0] === null);
    const missing = (share: number) =>
      users.filter((user) => report({ missing: share }, [5], user)[0] === null);
    expect(silent(0)).toEqual(users);
    expect(silent(1)).toEqual([]);
    expect(missing(0)).toEqual([]);
    expect(missing(1)).toEqual(users);
    expect(Math.abs(silent(0.7).length - 120)).toBeLessThan(36);
    expect(Math.abs(missing(0.3).length - 120)).toBeLessThan(36);
    const many = new Set(silent(0.3));
    for (const user of silent(0.7)) expect(many.has(user)).toBe(true);
    // The silent say nothing in any round; a rating is missed by chance.
    const inRound = (behaviour: Behaviour, round: number) =>
      users.map((user) => report(behaviour, [5], user, round)[0] === null);
    expect(inRound({ rates: 0.5 }, 1)).toEqual(inRound({ rates: 0.5 }, 2));
    expect(inRound({ missing: 0.5 }, 1)).not.toEqual(inRound({ missing: 0.5 }, 2));
  });

  it("lets only members of a coalition keep to what was agreed", () => {
    const members = users.filter(
      (user) => report({ coalition: { share: 0.25, liked: 10, disliked: 1 } }, [7], user)[0] === 10,
    );
    expect(Math.abs(members.length - 100)).toBeLessThan(35);
  });
});

describe("rewardOf", () => {
  it("has no value where the ratings do not give one, and never counts a missing one as 0", () => {
    expect(rewardOf([8, 3], "sum")).toBe(11);
    expect(rewardOf([8, null], "sum")).toBeNull();
    expect(rewardOf([null, null], "sum")).toBeNull();
    expect(rewardOf([], "sum")).toBeNull();
    expect(rewardOf([8, 3], "mean")).toBe(5.5);
    expect(rewardOf([8, null], "mean")).toBe(8);
    expect(rewardOf([null, null], "mean")).toBeNull();
    expect(rewardOf([], "mean")).toBeNull();
  });
});
