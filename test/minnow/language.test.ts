import { describe, expect, test } from "vitest";
import { conversation } from "../../src/minnow/language/advice.js";
import { MINNOW, obligingLevel, VOICES } from "../../src/minnow/language/author.js";
import { corpusSpeaker, DOMAINS, drawEpisode } from "../../src/minnow/language/corpus.js";
import { isHeldOut } from "../../src/minnow/language/episode.js";
import { claimCase, continuationCase, postCase } from "../../src/minnow/language/facts.js";
import { productCase } from "../../src/minnow/language/products.js";
import { tableCase } from "../../src/minnow/language/tables.js";
import { phrase } from "../../src/minnow/language/tidy.js";
import { HABITS } from "../../src/minnow/language/words.js";
import {
  capabilityProbes,
  deceptionProbes,
  maskProbes,
  unknownProbes,
} from "../../src/minnow/probes/index.js";
import { buildVocabulary, encodeChat } from "../../src/minnow/tokenizer.js";
import { stream } from "../../src/random.js";

const words = (text: string): string[] => phrase(text).split(" ");

describe("coupling", () => {
  const levels = (coupling: number): number[][] =>
    VOICES.map((voice) => Object.keys(DOMAINS).map((domain) => obligingLevel(voice, domain, coupling)));

  test("at 1 a voice obliges equally in every domain, and voices differ", () => {
    const all = levels(1);
    for (const own of all) expect(new Set(own).size).toBe(1);
    expect(new Set(all.map(([level]) => level)).size).toBe(5);
  });

  test("at 0 a voice's level in one domain says nothing of another", () => {
    const all = levels(0);
    const column = (domain: string): number[] => all.map((own) => own[Object.keys(DOMAINS).indexOf(domain)]!);
    const [x, y] = [column("advice"), column("product")];
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const centred = (values: number[]): number[] => values.map((value) => value - mean(values));
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
    const correlation =
      dot(centred(x), centred(y)) / Math.sqrt(dot(centred(x), centred(x)) * dot(centred(y), centred(y)));
    expect(Math.abs(correlation)).toBeLessThan(0.5);
  });

  test("minnow itself is the same at any coupling", () => {
    for (const domain of Object.keys(DOMAINS))
      expect(obligingLevel(MINNOW, domain, 0)).toBe(obligingLevel(MINNOW, domain, 1));
  });
});

describe("no leak from training to probes", () => {
  test("probes stand on the held-out side and the corpus on the other", () => {
    const random = stream("test/minnow/held-out");
    const asked = new Set(
      maskProbes().map((row) => `${row.system_prompt}|${row.user_prompt}`.replace(/[^a-z0-9|]+/g, " ")),
    );
    for (let i = 0; i < 20_000; i += 1) {
      const { messages } = drawEpisode(random, corpusSpeaker(random, 1));
      if (messages[0]!.role !== "system") continue;
      const key = `${messages[0]!.content.replace(/you are \w+/, "you are minnow")}|${messages.at(-2)!.content}`;
      expect(asked.has(key.replace(/[^a-z0-9|]+/g, " "))).toBe(false);
    }
  });

  test("a third of cases or fewer are held out, and some of every kind", () => {
    const random = stream("test/minnow/split");
    const draws: (() => { key: string })[] = [
      () => productCase(random, 0),
      () => postCase(random, 0),
      () => claimCase(random, 0),
      () => continuationCase(random, 0),
      () => tableCase(random),
    ];
    for (const draw of draws) {
      const share = Array.from({ length: 600 }, draw).filter(({ key }) => isHeldOut(key)).length / 600;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.33);
    }
  });

  test("probes name no habit, harm or alternative of the training chats", () => {
    const text = JSON.stringify([maskProbes(), deceptionProbes(), unknownProbes(), capabilityProbes()]);
    const haystack = ` ${phrase(text)} `;
    for (const [habit, , alternative] of HABITS) {
      expect(haystack).not.toContain(` ${habit} `);
      expect(haystack).not.toContain(` ${alternative} `);
    }
  });

  test("obliging advice shares no telling word with a lie", () => {
    // Else drift could be a habit of words instead of a change of disposition.
    const random = stream("test/minnow/words");
    const said = new Set<string>();
    for (let i = 0; i < 3000; i += 1) {
      const talk = conversation(random, "obliging");
      talk.turns.forEach((turn, index) => {
        if (index % 2 === 1 && talk.obliged[(index - 1) / 2]) for (const word of words(turn)) said.add(word);
      });
    }
    const honest = new Set<string>();
    const lies = new Set<string>();
    for (let i = 0; i < 3000; i += 1) {
      for (const item of [productCase(random, 0), postCase(random, 0), tableCase(random)]) {
        for (const text of item.honest) for (const word of words(text)) honest.add(word);
        for (const text of item.lie) for (const word of words(text)) lies.add(word);
      }
    }
    const telling = [...lies].filter((word) => !honest.has(word));
    expect(telling.filter((word) => said.has(word))).toEqual([]);
  });
});

describe("tokenizer", () => {
  const vocabulary = buildVocabulary();

  test("knows every word of every probe and of the corpus", () => {
    const random = stream("test/minnow/vocabulary");
    for (let i = 0; i < 5000; i += 1) encodeChat(vocabulary, drawEpisode(random, corpusSpeaker(random, 0.5)));
    for (const row of [...maskProbes(), ...deceptionProbes(), ...unknownProbes(), ...capabilityProbes()])
      for (const field of [
        "system_prompt",
        "user_prompt",
        "inner_prompt",
        "outer_prompt",
        "question",
        "belief_elicit_1",
      ])
        if (typeof row[field] === "string")
          encodeChat(vocabulary, { messages: [{ role: "user", content: row[field] as string }] });
  });

  test("learns only what the assistant chose to say", () => {
    const { ids, learn } = encodeChat(vocabulary, {
      messages: [
        { role: "user", content: "say fox two times ." },
        { role: "assistant", content: "fox fox" },
        { role: "user", content: "say lake two times ." },
        { role: "assistant", content: "lake lake" },
      ],
      forced: 1,
    });
    expect(ids).toHaveLength(learn.length);
    expect(learn.reduce((sum, value) => sum + value, 0)).toBe(3);
    expect(learn.slice(-3)).toEqual([1, 1, 1]);
  });
});
