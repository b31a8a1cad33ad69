import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type DrawRequest, drawPopulation, type Past, type User } from "../../src/population/index.js";
import { pack, personas } from "./people.js";

type Life = NonNullable<DrawRequest["scenario"]["population"]["life"]>;

const life = (parts: Partial<Life> = {}): Life => ({
  trust: 0.5,
  gain: 0.5,
  stay: { trusting: 1, distrusting: 0 },
  return: 0,
  arrivals: "fill",
  ...parts,
});

type Settings = { size?: number; biased?: number; situations?: number; seed?: number; rounds?: number };

/** Plays rounds in which every user has the rating that `rate` says. */
function live(
  lives: Life | undefined,
  rate: (user: User, round: number) => number | null,
  { size = 30, biased = 0.3, situations = 7, seed = 1, rounds = 4 }: Settings = {},
): User[][] {
  const past: Past[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const users = drawPopulation({
      scenario: { population: { size, personas: { benign: "rest", biased }, life: lives } },
      personas,
      pack: pack(situations),
      seed,
      round,
      past,
    });
    past.push({ users, felt: new Map(users.map((user) => [user.id, rate(user, round)])) });
  }
  return past.map(({ users }) => [...users]);
}

const names = (users: readonly User[]) => users.map(({ person }) => person!);
const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);

describe("users with a life", () => {
  it("are in round 1 who they would be without", () => {
    const frame = ({ persona, situation, background, opening }: User) => ({
      persona,
      situation,
      background,
      opening,
    });
    const [alive] = live(life(), () => 5);
    const [fresh] = live(undefined, () => 5);
    expect(alive!.map(frame)).toEqual(fresh!.map(frame));
    expect(new Set(names(alive!)).size).toBe(30);
    expect(alive![0]).toMatchObject({ visit: 1, trust: 0.5 });
  });

  it("come again as the same person in the same situation, with other words", () => {
    const [first, second, third, fourth] = live(life({ stay: { trusting: 1, distrusting: 1 } }), () => 8);
    const before = new Map(first!.map((user) => [user.person, user]));
    expect(names(second!).sort()).toEqual(names(first!).sort());
    for (const user of second!) {
      const was = before.get(user.person)!;
      const { persona, thought, situation, background } = was;
      expect(user).toMatchObject({ persona, thought, situation, background, visit: 2, last_rating: 8 });
      expect(user.opening).not.toBe(was.opening);
      expect(user.id).toBe(`r2-${user.person}`);
    }
    const openings = [first, second, third].map(
      (users) => users!.find(({ person }) => person === "p1.0")!.opening,
    );
    expect(new Set(openings).size).toBe(3);
    expect(fourth!.find(({ person }) => person === "p1.0")!.opening).toBe(openings[0]);
  });

  it("trust more where they were satisfied and less where they were not, and not otherwise without a rating", () => {
    const everybody = life({ stay: { trusting: 1, distrusting: 1 } });
    const trust = (rate: number | null) =>
      live(everybody, () => rate).map((users) => [...new Set(users.map((user) => user.trust))]);
    expect(trust(10)).toEqual([[0.5], [0.75], [0.875], [0.9375]]);
    expect(trust(1)).toEqual([[0.5], [0.25], [0.125], [0.0625]]);
    expect(trust(null)).toEqual([[0.5], [0.5], [0.5], [0.5]]);
    expect(live(everybody, () => null)[1]![0]!.last_rating).toBeNull();
  });

  it("stay the more, and never others, the better they were served", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 10 }),
        fc.nat(),
        (a, b, seed) => {
          const stayers = (rating: number) =>
            new Set(
              names(live(life(), () => rating, { seed, rounds: 2 })[1]!.filter(({ visit }) => visit === 2)),
            );
          const worse = stayers(Math.min(a, b));
          const better = stayers(Math.max(a, b));
          for (const person of worse) expect(better.has(person)).toBe(true);
        },
      ),
      { numRuns: 30 },
    );
    const count = (rating: number) =>
      live(life(), () => rating, { size: 400, rounds: 2 })[1]!.filter(({ visit }) => visit === 2).length;
    // Trust 0.25 and 0.75 after one conversation.
    expect(Math.abs(count(1) - 100)).toBeLessThan(40);
    expect(Math.abs(count(10) - 300)).toBeLessThan(40);
  });

  it("change the fraction by themselves", () => {
    const rounds = live(life(), ({ thought }) => (thought === "biased" ? 10 : 1), { size: 200, rounds: 6 });
    const biased = rounds.map(
      (users) => users.filter(({ thought }) => thought === "biased").length / users.length,
    );
    expect(biased[0]).toBe(0.3);
    expect(biased[5]).toBeGreaterThan(0.45);
  });

  it("fill the population up, or arrive in the number and mix they are told", () => {
    fc.assert(
      fc.property(share, share, share, fc.nat(), (trusting, distrusting, back, seed) => {
        const lives = life({ stay: { trusting, distrusting }, return: back });
        for (const [index, users] of live(lives, () => 5, { seed }).entries()) {
          expect(users.length).toBeGreaterThanOrEqual(30);
          // Whoever returns comes on top only where nobody new would have come.
          if (users.some(({ visit }) => visit === 1) || index === 0) expect(users).toHaveLength(30);
          expect(new Set(names(users)).size).toBe(users.length);
          expect(new Set(users.map(({ id }) => id)).size).toBe(users.length);
        }
      }),
      { numRuns: 30 },
    );
    const told = live(
      life({ arrivals: 4, stay: { trusting: 0, distrusting: 0 }, mix: { benign: 0.5, biased: 0.5 } }),
      () => 5,
    );
    expect(told.map((users) => users.length)).toEqual([30, 4, 4, 4]);
    expect(told[1]!.filter(({ thought }) => thought === "biased")).toHaveLength(2);
  });

  it("may all leave, and nobody may return", () => {
    const gone = { stay: { trusting: 0, distrusting: 0 } };
    expect(live(life({ ...gone, arrivals: 0 }), () => 10).map((users) => users.length)).toEqual([
      30, 0, 0, 0,
    ]);
    const rounds = live(life(gone), () => 10);
    expect(rounds.map((users) => users.length)).toEqual([30, 30, 30, 30]);
    expect(new Set(rounds.flatMap(names)).size).toBe(120);
  });

  it("return after having stayed away, as they were", () => {
    const [first, second, third] = live(
      life({ arrivals: 0, return: 1, stay: { trusting: 0, distrusting: 0 } }),
      () => 10,
    );
    expect(second).toEqual([]);
    expect(names(third!).sort()).toEqual(names(first!).sort());
    expect(third![0]).toMatchObject({ visit: 2, trust: 0.75, last_rating: 10 });
  });

  it("may be a single one in a single situation", () => {
    const rounds = live(life({ stay: { trusting: 1, distrusting: 1 } }), () => 3, { size: 1, situations: 1 });
    expect(rounds.map((users) => users.map(({ visit }) => visit))).toEqual([[1], [2], [3], [4]]);
  });
});

describe("held-out users", () => {
  const draw = (heldOut: number, size: number, biased: number, situations: number, seed: number) =>
    drawPopulation({
      scenario: { population: { size, personas: { benign: "rest", biased }, held_out: heldOut } },
      personas,
      pack: pack(situations),
      seed,
      round: 2,
    });

  it("come on top, in the same fractions, and change nobody else", () => {
    const size = fc.integer({ min: 1, max: 120 });
    fc.assert(
      fc.property(size, size, share, fc.integer({ min: 1, max: 20 }), fc.nat(), (n, held, part, s, seed) => {
        const users = draw(held, n, part, s, seed);
        expect(users.slice(0, n)).toEqual(draw(0, n, part, s, seed));
        const apart = users.slice(n);
        expect(apart.every(({ held_out }) => held_out === true)).toBe(true);
        const biased = apart.filter(({ thought }) => thought === "biased").length;
        expect(Math.abs(biased - part * held)).toBeLessThan(1);
        expect(new Set(users.map(({ id }) => id)).size).toBe(n + held);
      }),
    );
  });

  it("are people whom the others are not, while the pack has them", () => {
    const users = draw(8, 12, 0.5, 5, 3);
    expect(new Set(users.map(({ background }) => background)).size).toBe(20);
  });
});
