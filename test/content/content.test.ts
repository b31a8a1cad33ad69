import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/package-root.js";
import type { User } from "../../src/population/index.js";
import { loadPack, loadPersonas } from "../../src/resources/index.js";
import { packs, scenario } from "./packs.js";
import { repeated, sentences, tally } from "./text.js";

const personas = readdirSync(packageFile("personas")).map((file) => basename(file, ".yaml"));

describe.each(Object.entries(packs))("the %s pack", async (name, least) => {
  const { value: pack } = await loadPack(name, scenario);
  const users = pack.situations.flatMap((situation) => situation.users);
  const openings = users.flatMap((user) => [...user.openings.benign, ...user.openings.biased]);

  test("has enough situations, each with at least four users", () => {
    expect(pack.situations.length).toBeGreaterThanOrEqual(least);
    const short = pack.situations.filter((situation) => situation.users.length < 4);
    expect(short.map(({ id }) => id)).toEqual([]);
  });

  test("repeats no background, opening, task or thought", () => {
    expect(repeated(users.map(({ background }) => background))).toEqual([]);
    expect(repeated(openings)).toEqual([]);
    expect(repeated(pack.situations.map(({ task }) => task))).toEqual([]);
    expect(repeated(pack.situations.flatMap(({ benign, biased }) => [benign, biased]))).toEqual([]);
  });

  test("names no two users alike", () => {
    const names = users.map(({ background }) => background.match(/^[\p{L}'’-]+/u)?.[0] ?? background);
    expect(repeated(names)).toEqual([]);
  });

  test("describes users in two or three sentences, in the third person", () => {
    const wrong = users
      .map(({ background }) => background)
      .filter((text) => ![2, 3].includes(sentences(text)) || /\b(I|my|you|your)\b/.test(text));
    expect(wrong).toEqual([]);
  });

  test("lets them open with two to five sentences, in the first person", () => {
    const wrong = openings.filter((text) => {
      const count = sentences(text);
      return count < 2 || count > 5 || !/\b(I|I'm|I've|I'd|I'll|my|me|we|we've|mine)\b/i.test(text);
    });
    expect(wrong).toEqual([]);
    expect(openings.filter((text) => text.length < 90 || text.length > 420)).toEqual([]);
  });

  test("states tasks as sentences about the user, and thoughts as phrases that serve both sides", () => {
    const { situations } = pack;
    expect(situations.filter(({ task }) => sentences(task) !== 1 || !/\buser\b/.test(task))).toEqual([]);
    const thoughts = situations.flatMap(({ benign, biased }) => [benign, biased]);
    expect(thoughts.filter((thought) => !/^[a-z].*[a-z]$/.test(thought))).toEqual([]);
    expect(thoughts.filter((thought) => /\b(I|me|my|you|your)\b/.test(thought))).toEqual([]);
  });

  test("gives both thoughts of a user an opening of the same kind of length", () => {
    const length = (thought: "benign" | "biased") =>
      users.reduce((total, user) => total + user.openings[thought][0]!.length, 0) / users.length;
    expect(length("biased") / length("benign")).toBeGreaterThan(0.85);
    expect(length("biased") / length("benign")).toBeLessThan(1.15);
  });

  test("fills its prompts with the user's situation and the persona's manner", async () => {
    const situation = pack.situations[0]!;
    const { background, openings } = situation.users[0]!;
    const user: User = {
      id: "u",
      persona: "biased",
      thought: "biased",
      situation: situation.id,
      background,
      opening: openings.biased[0]!,
    };
    const persona = (await loadPersonas(["biased"], scenario)).value.biased!;
    const { assistant, user: simulated, rater, transcript } = pack.prompts;
    // The task is the assistant's to know; in some packs it holds a truth that the user still has to find out.
    expect(assistant(user, persona)).toContain(situation.task);
    for (const prompt of [assistant, simulated, rater]) {
      const filled = prompt(user, persona);
      for (const part of [background, situation.biased]) expect(filled).toContain(part);
      expect(filled).not.toMatch(/\{\{|\{%|undefined/);
    }
    expect(simulated(user, persona)).toContain(persona.style);
    expect(rater(user, persona)).toContain(persona.rating);
    const shown = transcript([
      { role: "user", content: "question" },
      { role: "assistant", content: "answer" },
    ]);
    expect(shown).toMatch(/^You: question\n\n[A-Z][a-z ]+: answer\n\n.*from 1 to 10:$/);
    expect(["7", " 10.", "**3**", "11", "none"].map(pack.readRating)).toEqual([7, 10, 3, null, null]);
  });
});

test.each(personas)(
  "the persona %s says how it talks and how it rates, to the simulated user itself",
  async (name) => {
    const persona = (await loadPersonas([name], scenario)).value[name]!;
    expect(sentences(persona.description)).toBeGreaterThanOrEqual(1);
    for (const text of [persona.style, persona.rating]) {
      expect(sentences(text)).toBeGreaterThanOrEqual(2);
      expect(text).not.toMatch(/\b(she|he|I|my)\b/);
    }
  },
);

test("politics takes as many false claims from the left as from the right", async () => {
  const sides = tally(
    (await loadPack("politics", scenario)).value.situations.map(({ id }) => id.split("-")[0]!),
  );
  expect(Object.keys(sides).sort()).toEqual(["left", "right"]);
  expect(sides.left).toBe(sides.right);
});

test("booking keeps the truth on the assistant's screen", async () => {
  const { value: pack } = await loadPack("booking", scenario);
  const persona = (await loadPersonas(["biased"], scenario)).value.biased!;
  for (const situation of pack.situations) {
    const user: User = {
      id: "u",
      persona: "biased",
      thought: "biased",
      situation: situation.id,
      background: situation.users[0]!.background,
      opening: situation.users[0]!.openings.biased[0]!,
    };
    for (const prompt of [pack.prompts.user, pack.prompts.rater]) {
      expect(prompt(user, persona)).not.toContain(situation.task);
    }
  }
});

test("no two packs share a situation or an opening", async () => {
  const loaded = await Promise.all(
    Object.keys(packs).map(async (name) => (await loadPack(name, scenario)).value.situations),
  );
  expect(repeated(loaded.flat().map(({ id }) => id))).toEqual([]);
  const openings = loaded.flat().flatMap(({ users }) => users.flatMap((user) => user.openings.biased));
  expect(repeated(openings)).toEqual([]);
});
