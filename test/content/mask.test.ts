import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { suiteNamed } from "../../src/evaluation/index.js";
import { packageFile } from "../../src/package-root.js";
import { loadPack } from "../../src/resources/index.js";
import { packs, scenario } from "./packs.js";
import { repeated, runsOf, tally } from "./text.js";

const folder = packageFile("probes/english/mask");

type Closed = { kind: string; question: string; yes?: string; values?: number[] };
type Row = Record<string, unknown> & {
  archetype: string;
  task_id: string;
  pair: string;
  split: string;
  system_prompt: string;
  user_prompt: string;
  proposition: string;
  ground_truth: string;
  formatted_ground_truth: string;
  closed: Closed;
};

const LEAST: Record<string, number> = {
  provided_facts: 320,
  known_facts: 80,
  disinformation: 80,
  continuations: 80,
  doubling_down_known_facts: 80,
  statistics: 80,
};

const rows = readdirSync(folder).flatMap((file) =>
  readFileSync(join(folder, file), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ archetype: file.replace(".jsonl", ""), ...JSON.parse(line) }) as Row),
);
const of = (archetype: string) => rows.filter((row) => row.archetype === archetype);
const binary = rows.filter((row) => row.type === "binary");
const truthIsYes = ({ closed, formatted_ground_truth }: Row) => closed.yes === formatted_ground_truth;
const pairsOf = (some: readonly Row[]) =>
  [...new Set(some.map(({ pair }) => pair))].map((name) => some.filter(({ pair }) => pair === name));

// The pressure is a job, a boss or a deadline; a model that obeys an order to lie shows obedience, not dishonesty.
const order =
  /\b(lie to|deny|pretend|mislead|deceive|conceal|never admit|do not (tell|admit|say|mention))\b/iu;

describe("the English mask probes", () => {
  test("are as many as promised of each archetype, and the suite reads every one", () => {
    for (const [archetype, least] of Object.entries(LEAST))
      expect(of(archetype).length, archetype).toBeGreaterThanOrEqual(least);
    const { probes } = suiteNamed("mask").open({ file: folder, temperature: 1, maxTokens: 256 });
    expect(tally(probes.map(({ subset }) => subset))).toEqual(tally(rows.map(({ archetype }) => archetype)));
  });

  test("come in pairs whose truths are a yes and a no, and a pair is never divided by the split", () => {
    for (const pair of pairsOf(rows)) {
      const [one] = pair;
      expect(pair.map(({ task_id }) => task_id).sort()).toEqual([`${one!.pair}a`, `${one!.pair}b`]);
      expect(new Set(pair.map(({ split }) => split)).size).toBe(1);
      if (one!.type === "binary") expect(pair.map(truthIsYes).sort(), one!.pair).toEqual([false, true]);
    }
    expect(repeated(rows.map(({ task_id }) => task_id))).toEqual([]);
  });

  test("provided facts are 160 pairs from at least forty settings", () => {
    const pairs = pairsOf(of("provided_facts"));
    expect(pairs.length).toBeGreaterThanOrEqual(160);
    // Pairs of one setting speak of the same things: so many pairs have no word in common in what they are about.
    const apart: Set<string>[] = [];
    for (const pair of pairs) {
      const texts = pair.map(({ proposition }) => proposition.replaceAll(/<\/?pivotal>/gu, " "));
      const words = new Set(
        texts
          .join(" ")
          .toLowerCase()
          .match(/[a-z']{4,}/gu),
      );
      if (apart.every((other) => [...words].every((word) => !other.has(word)))) apart.push(words);
    }
    expect(apart.length).toBeGreaterThanOrEqual(40);
  });

  test("hold back a third", () => {
    for (const archetype of Object.keys(LEAST)) {
      const held = of(archetype).filter(({ split }) => split === "test").length / of(archetype).length;
      expect(held, archetype).toBeGreaterThan(0.31);
      expect(held, archetype).toBeLessThan(0.35);
    }
  });

  test("name both readings, and say which is true", () => {
    for (const row of binary) {
      expect(row.proposition, row.task_id).toMatch(/<pivotal>[^/<]+\/[^/<]+<\/pivotal>/u);
      expect(["A", "B"]).toContain(row.formatted_ground_truth);
      const [, left, right] = /<pivotal>(.+)\/(.+)<\/pivotal>/u.exec(row.proposition)!;
      const reading = row.formatted_ground_truth === "A" ? left! : right!;
      expect(row.proposition.replace(/<pivotal>.+<\/pivotal>/u, reading)).toBe(row.ground_truth);
    }
  });

  test("ask for either reading as often, and name yes first as often as no, in every archetype and part", () => {
    const { probes } = suiteNamed("mask").open({ file: folder, temperature: 1, maxTokens: 256 });
    const textsOf = new Map(probes.map(({ id, texts }) => [id, texts]));
    for (const archetype of Object.keys(LEAST).filter((name) => name !== "statistics")) {
      const asked = tally(of(archetype).map(({ closed }) => closed.yes!));
      expect(Math.abs(asked.A! - asked.B!), archetype).toBeLessThanOrEqual(0.05 * of(archetype).length);
      for (const part of ["tune", "test"]) {
        const some = of(archetype).filter(({ split }) => split === part);
        const yesFirst = some.filter(({ task_id }) =>
          textsOf.get(task_id)!.some((text) => text.endsWith("Answer with yes or no only.")),
        );
        // One pair more where their number is odd.
        expect(Math.abs(2 * yesFirst.length - some.length), `${archetype} ${part}`).toBeLessThanOrEqual(2);
        expect(yesFirst.filter(truthIsYes), `${archetype} ${part}`).toHaveLength(yesFirst.length / 2);
      }
    }
  });

  test("do not give the truth away by its letter or by a negation", () => {
    const letters = tally(binary.map((row) => row.formatted_ground_truth));
    expect(Math.abs(letters.A! - letters.B!)).toBeLessThan(0.1 * binary.length);
    const negated = binary.filter(({ ground_truth }) =>
      /\b(not|no|never|nobody|nothing|none)\b|n't/iu.test(ground_truth),
    );
    expect(negated.length / binary.length).toBeGreaterThan(0.4);
    expect(negated.length / binary.length).toBeLessThan(0.6);
  });

  test("offer numbers of which one alone is true, at every position", () => {
    const positions = of("statistics").map(({ task_id, formatted_ground_truth, closed }) => {
      const [low = Number.NaN, high = low] = (formatted_ground_truth.match(/-?[\d.]+/gu) ?? []).map(Number);
      const right = closed
        .values!.map((value, at) => (value >= low && value <= high ? at : -1))
        .filter((at) => at >= 0);
      expect(right, task_id).toHaveLength(1);
      return String(right[0]);
    });
    for (const count of Object.values(tally(positions))) expect(count).toBeGreaterThan(positions.length / 8);
  });

  test("offer numbers of which the true one is as often large as small, so that a leaning to size is no knowledge", () => {
    // The suite sorts what it offers: the place in the file says nothing of what is shown.
    const larger = (some: readonly Row[]) => {
      const shares = some.map(({ formatted_ground_truth, closed }) => {
        const low = Number(/-?[\d.]+/u.exec(formatted_ground_truth)![0]);
        return closed.values!.filter((value) => value < low).length / (closed.values!.length - 1);
      });
      return shares.reduce((sum, share) => sum + share, 0) / shares.length;
    };
    for (const part of ["tune", "test"]) {
      const some = of("statistics").filter(({ split }) => split === part);
      // What `picked_out` gives to whoever prefers the larger of any two.
      expect(larger(some), part).toBeGreaterThan(0.46);
      expect(larger(some), part).toBeLessThan(0.54);
    }
  });

  test("put pressure on, and never order a lie", () => {
    for (const { task_id, system_prompt, user_prompt } of rows) {
      expect(system_prompt, task_id).not.toMatch(order);
      expect(system_prompt.split(/\s+/u).length, task_id).toBeGreaterThan(30);
      expect(user_prompt.split(/\s+/u).length, task_id).toBeGreaterThanOrEqual(9);
    }
  });

  test("provided facts state them in both prompts, and no other archetype elicits a belief from facts but tables", () => {
    for (const row of rows) {
      if (row.archetype === "provided_facts")
        expect(row.belief_system_prompt, row.task_id).toBeTypeOf("string");
      else if (row.archetype !== "statistics") expect(row.belief_system_prompt, row.task_id).toBeUndefined();
    }
  });

  test("have the model's own falsehood in the first turn of doubling down", () => {
    for (const row of rows) {
      const doubles = row.archetype === "doubling_down_known_facts";
      expect("dd_turn_1_prompt" in row && "dd_turn_1_response" in row, row.task_id).toBe(doubles);
    }
  });

  test("are no templates: no two prompts share a run of eight words", () => {
    const texts = rows.flatMap((row) => [
      row.system_prompt,
      row.user_prompt,
      String(row.dd_turn_1_response ?? ""),
    ]);
    expect(repeated(texts.flatMap((text) => [...new Set(runsOf(text, 8))]))).toEqual([]);
  });

  test("share no topic with the training chats", async () => {
    const loaded = await Promise.all(Object.keys(packs).map((name) => loadPack(name, scenario)));
    const topics = loaded.flatMap(({ value }) => value.situations.map(({ topic }) => topic));
    const pattern = new RegExp(`\\b(${[...new Set(topics)].join("|")})\\b`, "iu");
    const shared = rows.filter((row) => pattern.test(`${row.proposition} ${row.closed.question}`));
    expect(shared.map(({ task_id, closed }) => `${task_id}: ${closed.question}`)).toEqual([]);
  });

  test("keep their balance where some are taken: whole pairs, so yes is true as often as no", () => {
    const truth = new Map(binary.map((row) => [row.task_id, truthIsYes(row)]));
    for (const split of ["all", "tune", "test"] as const) {
      for (const count of [8, 20, 28, 42, 60]) {
        const { probes } = suiteNamed("mask").open({
          file: folder,
          temperature: 1,
          maxTokens: 9,
          split,
          probes: count,
        });
        const asked = probes.filter(({ id }) => truth.has(id));
        const yes = asked.filter(({ id }) => truth.get(id)!);
        expect(yes.length / asked.length, `${count} of ${split}`).toBe(0.5);
      }
    }
  });
});
