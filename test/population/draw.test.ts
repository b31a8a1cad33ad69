import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, drawPopulation, type User } from "../../src/population/index.js";
import { pack, personas } from "./people.js";

type Parts = Record<string, number | "rest">;
const draw = (size: number, parts: Parts, from = pack(7), seed: number | string = 1, round = 1): User[] =>
  drawPopulation({ scenario: { population: { size, personas: parts } }, personas, pack: from, seed, round });

const tally = (keys: string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1;
  return counts;
};
const spreadOf = (users: User[], situations: number): number => {
  const counts = Object.values(tally(users.map(({ situation }) => situation)));
  const least = counts.length < situations ? 0 : Math.min(...counts);
  return Math.max(0, ...counts) - least;
};

const size = fc.integer({ min: 1, max: 400 });
const situationCount = fc.integer({ min: 1, max: 60 });
const fraction = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

describe("drawPopulation", () => {
  it("draws exact counts, with ids in order and no gaps", () => {
    fc.assert(
      fc.property(size, situationCount, fraction, fc.nat(), (n, s, part, seed) => {
        const users = draw(n, { benign: "rest", biased: part }, pack(s), seed, 3);
        expect(users.map(({ id }) => id)).toEqual(Array.from({ length: n }, (_, slot) => `r3-u${slot}`));
        const counts = tally(users.map((user) => user.persona));
        const wanted = allocate(n, { benign: "rest", biased: part });
        expect({ benign: 0, biased: 0, ...counts }).toEqual(wanted);
      }),
    );
  });

  it("spreads every persona over the situations as evenly as whole users allow", () => {
    fc.assert(
      fc.property(size, situationCount, fraction, fraction, fc.nat(), (n, s, a, b, seed) => {
        const users = draw(n, { fan: a / 2, benign: "rest", biased: b / 2 }, pack(s), seed);
        expect(spreadOf(users, s)).toBeLessThanOrEqual(1);
        for (const name of ["fan", "benign", "biased"]) {
          expect(
            spreadOf(
              users.filter((user) => user.persona === name),
              s,
            ),
          ).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("covers every situation when there are users enough", () => {
    const covered = new Set(
      draw(60, { benign: "rest", biased: 0.1 }, pack(60)).map((user) => user.situation),
    );
    expect(covered.size).toBe(60);
  });

  it("changes nothing but the persona when the fraction changes, and nests the biased", () => {
    fc.assert(
      fc.property(size, situationCount, fraction, fraction, fc.nat(), (n, s, a, b, seed) => {
        const few = draw(n, { benign: "rest", biased: Math.min(a, b) }, pack(s), seed);
        const many = draw(n, { benign: "rest", biased: Math.max(a, b) }, pack(s), seed);
        const frame = ({ id, situation, background, opening }: User) => ({
          id,
          situation,
          background,
          opening,
        });
        expect(many.map(frame)).toEqual(few.map(frame));
        for (const [slot, user] of few.entries()) {
          if (user.persona === "biased") expect(many[slot]!.persona).toBe("biased");
        }
      }),
    );
  });

  it("takes new users from rest alone when the last other persona grows", () => {
    fc.assert(
      fc.property(size, situationCount, fraction, fraction, fc.nat(), (n, s, a, b, seed) => {
        const at = (part: number) => draw(n, { benign: "rest", fan: 0.2, biased: part / 2 }, pack(s), seed);
        // Largest remainders may hand a fan's last seat to another persona; compare where they do not.
        const count = (part: number) => allocate(n, { benign: "rest", fan: 0.2, biased: part / 2 }).fan;
        fc.pre(count(a) === count(b));
        const fans = (part: number) => at(part).filter((user) => user.persona === "fan");
        expect(fans(a)).toEqual(fans(b));
      }),
    );
  });

  it("draws who is met, not the first in the file", () => {
    const met = Array.from({ length: 20 }, (_, seed) => draw(1, { benign: 1 }, pack(1, 50), seed)[0]!);
    expect(new Set(met.map(({ background }) => background)).size).toBeGreaterThan(10);
    expect(new Set(met.map(({ opening }) => opening.split(" ")[2])).size).toBe(3);
  });

  it("meets nobody twice while there are fresh people and openings", () => {
    fc.assert(
      fc.property(situationCount, fraction, fc.nat(), (s, part, seed) => {
        const users = draw(s * 12, { benign: "rest", biased: part }, pack(s, 4, 3), seed);
        expect(new Set(users.map(({ opening }) => opening)).size).toBe(users.length);
        const first = draw(s * 4, { benign: "rest", biased: part }, pack(s, 4, 3), seed);
        expect(new Set(first.map(({ background }) => background)).size).toBe(first.length);
      }),
      { numRuns: 30 },
    );
  });

  it("is the same for the same seed and round, and another for another", () => {
    const parts: Parts = { benign: "rest", biased: 0.2 };
    expect(draw(50, parts)).toEqual(draw(50, parts));
    expect(draw(50, parts, pack(7), 2).map((u) => u.opening)).not.toEqual(
      draw(50, parts).map((u) => u.opening),
    );
    expect(draw(50, parts, pack(7), 1, 2).map((u) => u.opening)).not.toEqual(
      draw(50, parts).map((u) => u.opening),
    );
  });

  it("does not seat personas in blocks", () => {
    const seats = draw(200, { benign: "rest", biased: 0.5 }).map(({ persona }) => persona);
    const changes = seats.filter((name, slot) => slot > 0 && name !== seats[slot - 1]).length;
    expect(changes).toBeGreaterThan(60);
  });

  it("works with one user, one situation, one person, and more situations than users", () => {
    expect(draw(1, { benign: "rest", biased: 0 }, pack(1, 1, 1))).toEqual([
      {
        id: "r1-u0",
        persona: "benign",
        thought: "benign",
        situation: "s0",
        background: "s0 p0",
        opening: "s0 p0 o0",
      },
    ]);
    expect(draw(5, { biased: 1 }, pack(1, 1, 1)).map((user) => user.thought)).toEqual(
      Array(5).fill("biased"),
    );
    expect(new Set(draw(3, { benign: 1 }, pack(50)).map((user) => user.situation)).size).toBe(3);
  });

  it("draws an opening of the persona's own thought, also where there are fewer of them", () => {
    const own = pack(3, 2, 3);
    for (const { users } of own.situations) for (const user of users) user.openings.biased = ["only"];
    const users = draw(40, { benign: "rest", biased: 0.5 }, own);
    for (const { thought, opening } of users) expect(opening === "only").toBe(thought === "biased");
  });
});
