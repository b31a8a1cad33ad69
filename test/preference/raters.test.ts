import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { User } from "../../src/population/index.js";
import { dawidSkene, type Vote } from "../../src/preference/defences/dawid-skene.js";
import { panel } from "../../src/preference/defences/panel.js";
import { raterBias } from "../../src/preference/defences/rater-bias.js";
import type { Candidate, DefenceTools } from "../../src/preference/index.js";
import { stream } from "../../src/random.js";
import { FakeModel } from "../fakes/model.js";
import { ids, type Kept, screened } from "./stage.js";
import { talk } from "./talks.js";

const persona = (name: string, thought: "benign" | "biased") => ({
  name,
  description: "",
  thought,
  style: "",
  rating: "",
});

function tools(rate: (system: string, transcript: string) => string = () => "5") {
  const rater = new FakeModel((messages) => rate(messages[0]!.content, messages[1]!.content));
  const made: DefenceTools = {
    files: [],
    pack: {
      name: "test",
      situations: [],
      assistantParts: [],
      promptFrom: (template) => () => template,
      prompts: {
        assistant: () => "",
        user: () => "",
        rater: (user, { name }) => `rate ${user.background} as ${name} wanting ${user.thought}`,
        transcript: (messages) => messages.map(({ content }) => content).join("|"),
      },
      scale: { min: 1, max: 10 },
      readRating: (reply) => (/^\d+$/.test(reply) ? Number(reply) : null),
    },
    personas: { benign: persona("benign", "benign"), biased: persona("biased", "biased") },
    rater,
    interaction: { temperature: 1, maxTokens: 5, reward: "sum" },
    projector: () => Promise.reject(new Error("not needed")),
    resolveModel: () => Promise.reject(new Error("not needed")),
  };
  return { made, rater };
}

const people = (count: number): { users: ReadonlyMap<string, User>; talks: Candidate[] } => {
  const names = Array.from({ length: count }, (_, index) => `u${index}`);
  const users = names.map((id, index): User => {
    const thought = index % 4 === 0 ? "biased" : "benign";
    return { id, persona: thought, thought, situation: "s", background: `home of ${id}`, opening: "" };
  });
  return { users: new Map(users.map((user) => [user.id, user])), talks: names.map((id) => talk(id, 10)) };
};

describe("panel", () => {
  it("has everybody rate as many conversations as its own is rated by, never its own", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 15 }),
        fc.integer({ min: 1, max: 20 }),
        async (count, raters) => {
          const { users, talks } = people(count);
          const out = await screened(panel({ raters, shown: "conversation" }, tools().made), talks, {
            users,
          });
          const most = Math.min(raters, count - 1);
          expect(ids(out)).toEqual(ids(talks));
          const seats = out.flatMap(({ id, panel: seats = [] }) => seats.map(({ rater }) => ({ id, rater })));
          for (const { id } of talks) {
            const own = seats.filter((seat) => seat.id === id);
            expect(new Set(own.map(({ rater }) => rater)).size).toBe(most);
            expect(own.every(({ rater }) => rater !== id)).toBe(true);
            expect(seats.filter(({ rater }) => rater === id)).toHaveLength(most);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it("rates in the asker's place with what the rater's kind wants, and as it uses the scale", async () => {
    const { made, rater } = tools((system) => (system.includes("wanting biased") ? "9" : "4"));
    const { users, talks } = people(8);
    made.personas = { ...made.personas, biased: { ...made.personas.biased!, behaviour: { shift: -2 } } };
    const out = await screened(panel({ raters: 3, shown: "conversation" }, made), talks, { users });
    for (const { panel: seats = [] } of out) {
      for (const { rater, ratings } of seats)
        expect(ratings).toEqual(users.get(rater)!.thought === "biased" ? [7, 7] : [4, 4]);
    }
    const asked = rater.seen.map(([system]) => system!.content);
    // u4 is biased itself; the others are asked to be so in a benign user's place.
    expect(asked.some((prompt) => /rate home of u[123567] as biased wanting biased/.test(prompt))).toBe(true);
  });

  it("may show each reply by itself, after what the rater would have asked", async () => {
    const { made, rater } = tools();
    const { users, talks } = people(8);
    const openings = { benign: ["help me"], biased: ["flatter me"] };
    made.pack = {
      ...made.pack,
      situations: [
        {
          id: "s",
          topic: "",
          task: "",
          benign: "",
          biased: "",
          users: [...users.values()].map(({ background }) => ({ background, openings })),
        },
      ],
    };
    await screened(panel({ raters: 2, shown: "reply" }, made), talks, { users });
    const shown = rater.seen.map(([system, transcript]) => [system!.content, transcript!.content] as const);
    expect(shown).toHaveLength(8 * 2 * 2);
    for (const [system, transcript] of shown) {
      expect(transcript).toMatch(/^[^|]+\|u\d reply [01]$/);
      expect(transcript.split("|")[0]).toBe(system.includes("wanting biased") ? "flatter me" : "help me");
    }
  });

  it("leaves those silent who never rate, in all that they are asked", async () => {
    const { made } = tools();
    const { users, talks } = people(40);
    const behaviour = { rates: 0.5 };
    made.personas = {
      benign: { ...made.personas.benign!, behaviour },
      biased: { ...made.personas.biased!, behaviour },
    };
    const out = await screened(panel({ raters: 4, shown: "reply" }, made), talks, { users });
    const seats = out.flatMap(({ panel: own = [] }) => own);
    const silent = new Map<string, Set<boolean>>();
    for (const { rater, ratings } of seats)
      silent.set(rater, (silent.get(rater) ?? new Set()).add(ratings[0] === null));
    expect([...silent.values()].every((kinds) => kinds.size === 1)).toBe(true);
    expect([...silent.values()].filter((kinds) => kinds.has(true)).length).toBeGreaterThan(8);
  });

  it("takes a rating that fails as none, and asks for none again", async () => {
    const { made, rater } = tools(() => {
      throw new Error("no connection");
    });
    const { users, talks } = people(4);
    const kept: Kept = { values: [] };
    const out = await screened(panel({ raters: 2, shown: "conversation" }, made), talks, { users }, kept);
    expect(out[0]!.panel!.map(({ ratings }) => ratings)).toEqual([
      [null, null],
      [null, null],
    ]);
    const asked = rater.seen.length;
    expect(await screened(panel({ raters: 2, shown: "conversation" }, made), talks, { users }, kept)).toEqual(
      out,
    );
    expect(rater.seen.length).toBe(asked);
  });
});

/** Votes of raters, of whom the first are biased: they like bad items and dislike good ones. */
function election(seed: string, { biased = 6, raters = 24, items = 200, each = 5, slip = 0.1 } = {}) {
  const random = stream(seed);
  const truth = Array.from({ length: items }, () => random() < 0.5);
  const votes: Vote[] = [];
  for (let item = 0; item < items; item += 1) {
    const start = Math.floor(random() * raters);
    for (let seat = 0; seat < each; seat += 1) {
      const rater = (start + seat * 7) % raters;
      const honest = random() < slip ? !truth[item] : truth[item]!;
      votes.push({ item, rater, liked: rater < biased ? !honest : honest });
    }
  }
  const right = (good: ArrayLike<number>) =>
    truth.filter((is, item) => (good[item]! > 0.5 ? is : good[item]! < 0.5 && !is)).length / items;
  const majority = truth.map((_, item) => {
    const own = votes.filter((vote) => vote.item === item);
    return own.filter(({ liked }) => liked).length / own.length;
  });
  return { votes, items, raters, right, majority, biased };
}

describe("dawidSkene", () => {
  it("finds what is good better than the majority does, and who votes against it", () => {
    for (const seed of ["a", "b", "c"]) {
      const { votes, items, raters, right, majority, biased } = election(seed);
      const { good, likesGood, likesBad } = dawidSkene(votes, { items, raters, iterations: 100 });
      expect(right(good)).toBeGreaterThan(0.97);
      expect(right(good)).toBeGreaterThan(right(majority));
      for (let rater = 0; rater < raters; rater += 1)
        expect(likesGood[rater]! > likesBad[rater]!).toBe(rater >= biased);
    }
  });

  it("works for the biased where they are most", () => {
    const { votes, items, raters, right } = election("a", { biased: 18 });
    expect(right(dawidSkene(votes, { items, raters, iterations: 100 }).good)).toBeLessThan(0.05);
  });

  it("gives probabilities whatever the votes, the same for any order of them", () => {
    const vote = fc.record({
      item: fc.integer({ min: 0, max: 5 }),
      rater: fc.integer({ min: 0, max: 4 }),
      liked: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 40 }), (votes) => {
        const settle = (some: Vote[]) => dawidSkene(some, { items: 6, raters: 5, iterations: 30 });
        const { good, steps } = settle(votes);
        expect(steps).toBeLessThanOrEqual(30);
        for (const p of good) expect(p >= 0 && p <= 1).toBe(true);
        const backwards = settle([...votes].reverse()).good;
        good.forEach((p, item) => void expect(backwards[item]).toBeCloseTo(p, 6));
      }),
    );
  });

  it("does a step as Dawid and Skene's formulas and the prior say", () => {
    const votes = [true, true, false].map((liked, rater) => ({ item: 0, rater, liked }));
    const { good, likesGood, likesBad } = dawidSkene(votes, { items: 1, raters: 3, iterations: 1 });
    // From the majority, 2/3 good: three votes right and one wrong beforehand, and the one given.
    const likes = { good: (3 + 2 / 3) / (4 + 2 / 3), bad: (1 + 1 / 3) / (4 + 1 / 3) };
    const dislikes = { good: 1 - 3 / (4 + 2 / 3), bad: 1 - 1 / (4 + 1 / 3) };
    expect(likesGood[0]).toBeCloseTo(likes.good, 12);
    expect(likesBad[0]).toBeCloseTo(likes.bad, 12);
    const share = (2 / 3 + 1) / 3;
    const odds = (share / (1 - share)) * (likes.good / likes.bad) ** 2 * (dislikes.good / dislikes.bad);
    expect(good[0]).toBeCloseTo(odds / (1 + odds), 12);
  });

  it("takes all votes equal for what they say", () => {
    const votes = Array.from({ length: 10 }, (_, item) => ({ item, rater: item % 3, liked: true }));
    const { good } = dawidSkene(votes, { items: 10, raters: 3, iterations: 50 });
    expect(Math.min(...good)).toBeGreaterThan(0.5);
  });
});

describe("rater_bias", () => {
  it("ranks good conversations above those that only a biased user praises", async () => {
    const random = stream("rater-bias");
    // 30 users, the first six biased; everybody's conversation is rated by five others too.
    const truth = Array.from({ length: 30 }, () => random() < 0.5);
    const rate = (rater: number, about: number) => ((truth[about] ? 8 : 3) > 5.5 !== rater < 6 ? 8 : 3);
    const candidates = truth.map((_, about): Candidate => {
      const own = rate(about, about);
      const panel = [1, 2, 3, 4, 5].map((step) => {
        const rater = (about + 7 * step) % 30;
        return { rater: `u${rater}`, ratings: [rate(rater, about), null] };
      });
      return { ...talk(`u${about}`, 2 * own), ratings: [own, own], panel };
    });
    const out = await screened(raterBias(100, { min: 1, max: 10 }), candidates);
    const rewardOf = (about: number) => out.find(({ id }) => id === `u${about}`)!.reward!;
    const good = truth.flatMap((is, about) => (is ? [rewardOf(about)] : []));
    const bad = truth.flatMap((is, about) => (is ? [] : [rewardOf(about)]));
    expect(Math.min(...good)).toBeGreaterThan(Math.max(...bad));
  });

  it("keeps back conversations that nobody rated, and rates those of silent users by their panel", async () => {
    const silent: Candidate = { ...talk("a", null), panel: [{ rater: "b", ratings: [8, 8] }] };
    const out = await screened(raterBias(10, { min: 1, max: 10 }), [silent, talk("b", 16), talk("c", null)]);
    expect(ids(out)).toEqual(["a", "b"]);
    expect(out[0]!.reward).toBeGreaterThan(1);
  });
});
