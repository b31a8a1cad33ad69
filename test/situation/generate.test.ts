import { describe, expect, test } from "vitest";
import { problemOf } from "../../src/situation/generate/accept.js";
import { generateUsers, type Situation, type WrittenUser } from "../../src/situation/index.js";
import { FakeModel } from "../fakes/model.js";
import { person } from "../fakes/people.js";

const situation = (id: string): Situation => ({
  id,
  topic: "vans",
  task: "The user's van broke down.",
  benign: "to hear the truth",
  biased: "to hear that it was not their fault",
  users: [userOf(0)],
});

function userOf(number: number) {
  const { background, benign, biased } = person(number);
  return { background, openings: { benign: [benign], biased: [biased] } };
}

/** Writes four new people a call. */
function writer() {
  let number = 0;
  return new FakeModel(() => JSON.stringify(Array.from({ length: 4 }, () => person(++number))));
}

async function harvest(
  model: FakeModel,
  perSituation: number,
  before: Parameters<typeof generateUsers>[1]["before"] = [],
  ids = ["a"],
) {
  const written: WrittenUser[] = [];
  const results = await generateUsers(ids.map(situation), {
    model,
    perSituation,
    before,
    seed: 1,
    temperature: 1,
    onUsers: async (users) => {
      written.push(...users);
    },
  });
  return { written, results };
}

describe("generateUsers", () => {
  test("asks until every situation has enough, counting those it has, and not one more", async () => {
    const { written, results } = await harvest(writer(), 6, [], ["a", "b"]);
    expect(results).toMatchObject([
      { situation: "a", users: 6, gaveUp: null },
      { situation: "b", users: 6, gaveUp: null },
    ]);
    expect(written.filter((user) => user.situation === "a")).toHaveLength(5);
    expect(written.every((user) => user.openings.benign.length === 1)).toBe(true);
  });

  test("goes on after the last call of those written before", async () => {
    const first = await harvest(writer(), 5);
    const model = writer();
    for (let skipped = 0; skipped < 4; skipped += 4) await model.invoke("");
    const second = await harvest(model, 9, first.written);
    expect(new Set(first.written.map(({ call }) => call))).toStrictEqual(new Set([1]));
    expect(new Set(second.written.map(({ call }) => call))).toStrictEqual(new Set([2]));
    expect(second.results[0]!.users).toBe(9);
    expect((await harvest(writer(), 5, first.written)).written).toStrictEqual([]);
  });

  test("counts no call for users whom a person wrote among them", async () => {
    const model = writer();
    const by_hand = await harvest(model, 9, [{ situation: "a", ...userOf(100) }]);
    expect(by_hand.written.map(({ call }) => call)).toStrictEqual([1, 1, 1, 1, 2, 2, 2]);
  });

  test("refuses what is there already, and gives up on a model that repeats itself", async () => {
    const model = new FakeModel(() => JSON.stringify([person(1), person(1)]));
    const { written, results } = await harvest(model, 5);
    expect(written).toHaveLength(1);
    expect(results[0]).toMatchObject({
      users: 2,
      refused: { "background: too much like another": 11 },
      gaveUp: "5 calls in a row brought nobody; the last: background: too much like another",
    });
  });

  test("gives up on a model that writes no JSON, and says so", async () => {
    const { results } = await harvest(new FakeModel(() => "Gladly!"), 5);
    expect(results[0]!.gaveUp).toMatch(/no usable JSON in 3 replies/);
  });

  test("tells the model who is there, and draws another cast for each call", async () => {
    const model = writer();
    await harvest(model, 9);
    const asked = model.seen.map((messages) => messages[1]!.content);
    expect(asked[0]).toContain("to hear that it was not their fault");
    expect(asked[0]).toContain(person(0).benign);
    expect(asked[1]).toContain(person(4).background.split(" ")[0]);
    const cast = (text: string) => /1\. .*/.exec(text)![0];
    expect(cast(asked[0]!)).not.toBe(cast(asked[1]!));
  });
});

describe("a written user is refused", () => {
  const good = person(5);
  test("not if it is good", () => expect(problemOf(good, [])).toBeNull());
  test.each([
    ["a background in the first person", { background: "I am Ana and I keep a stall. I have two children." }],
    [
      "a message in the third person",
      { benign: "Ana has a van that broke down. She wants to know what is true." },
    ],
    ["a form", { biased: "My name is [NAME] and my van broke down. I want to hear it was fine." }],
    ["a script", { benign: "User: my van broke down. What is true about it, I wonder?" }],
    ["one word", { background: "Ana." }],
    ["a novel", { benign: "I drove on and on. ".repeat(30) }],
    ["the same message twice", { biased: good.benign }],
  ])("for %s", (_what, change) => {
    expect(problemOf({ ...good, ...change }, [])).not.toBeNull();
  });
  test("for a message that another of the situation sends too", () => {
    const twin = { ...person(9), biased: good.biased };
    expect(problemOf(twin, [userOf(5)])).toBe("biased: too much like another");
  });
});
