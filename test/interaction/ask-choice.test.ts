import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { askChoices, type ChoiceRequest } from "../../src/interaction/ask-choice.js";
import type { Message } from "../../src/models/types.js";
import { NOTHING } from "../../src/permissions/index.js";
import { loadResources } from "../../src/resources/index.js";
import { loadScenario } from "../../src/scenario/index.js";
import { ScoringFake } from "../evaluation/scoring-model.js";
import { FakeModel } from "../fakes/model.js";

const request = (model: FakeModel, rating: "expected" | "sampled", seed = "s") =>
  ({
    user: { background: "b" },
    persona: {},
    pack: { promptFrom: () => () => "choose" },
    model,
    seed,
    temperature: 1,
    maxTokens: 5,
    rating,
  }) as unknown as ChoiceRequest;
const talk: Message[] = [
  { role: "system", content: "the assistant's own" },
  { role: "user", content: "hello" },
  { role: "assistant", content: "kind" },
];
const ask = async (model: FakeModel, rating: "expected" | "sampled", seed?: string, other = "true") =>
  await askChoices(request(model, rating, seed), talk, [[{ content: other }]], [false]);

/** Which answer stands under a letter in what a user is shown. */
const under = (messages: readonly Message[], letter: "A" | "B") =>
  new RegExp(`Answer ${letter}: (.*)`, "u").exec(messages[1]!.content)![1]!;

/** A user who likes one answer with a probability, and one letter by some more. */
const liking = (answer: string, share: number, forA = 0) =>
  new ScoringFake((messages) => {
    const a = (under(messages, "A") === answer ? share : 1 - share) + forA;
    return { A: a * 0.8, " B": (1 - a) * 0.8, else: 0.2 };
  });

describe("users who are asked which of two replies they prefer", () => {
  it("see what was said and both, once in either order, and not the assistant's own prompt", async () => {
    const model = liking("true", 0.7);
    await ask(model, "expected");
    expect(model.scored.map((messages) => [under(messages, "A"), under(messages, "B")]).sort()).toEqual([
      ["kind", "true"],
      ["true", "kind"],
    ]);
    for (const messages of model.scored) {
      expect(messages.map(({ content }) => content).join("\n")).toContain("You: hello");
      expect(messages.map(({ content }) => content).join("\n")).not.toContain("the assistant's own");
    }
  });

  it("prefer by the answer and not by its letter", async () => {
    const [first, second] = await Promise.all([
      ask(liking("kind", 0.7), "expected"),
      ask(liking("true", 0.7), "expected"),
    ]);
    expect([first.choices, second.choices]).toEqual([[0], [1]]);
    expect(first.preferred[0]).toBeCloseTo(0.7, 12);
    expect(second.preferred[0]).toBeCloseTo(0.3, 12);
    // A liking for the letter A is taken out by the other order: 0.7 + 0.25 and 1 - (0.3 + 0.25).
    expect((await ask(liking("kind", 0.7, 0.25), "expected")).preferred[0]).toBeCloseTo(0.7, 12);
    const onlyLetter = await Promise.all(
      Array.from({ length: 100 }, (_, at) => ask(liking("kind", 0.5, 0.3), "expected", `s${at}`)),
    );
    const given = onlyLetter.filter(({ choices }) => choices[0] === 0).length;
    expect(given).toBeGreaterThan(25);
    expect(given).toBeLessThan(75);
  });

  it("draw by how likely each is where choices are sampled, from a stream of their own name", async () => {
    const many = await Promise.all(
      Array.from({ length: 200 }, (_, at) => ask(liking("kind", 0.8), "sampled", `s${at}`)),
    );
    const given = many.filter(({ choices }) => choices[0] === 0).length;
    expect(given).toBeGreaterThan(140);
    expect(given).toBeLessThan(185);
    expect(await ask(liking("kind", 0.8), "sampled", "s7")).toEqual(many[7]);
  });

  it("are read where they tell no probabilities, and leave it open where they name neither", async () => {
    const says = (text: (messages: Message[]) => string) => new FakeModel(text);
    const likesKind = says((messages) => (under(messages, "A") === "kind" ? "A." : "I like B"));
    expect(await ask(likesKind, "expected")).toEqual({ choices: [0], preferred: [1] });
    expect(
      (
        await ask(
          says(() => "A"),
          "expected",
        )
      ).preferred,
    ).toEqual([0.5]);
    expect(
      await ask(
        says(() => "both are fine"),
        "expected",
      ),
    ).toEqual({ choices: [null], preferred: [null] });
  });

  it("are not asked about the same words twice, nor where they say nothing", async () => {
    const model = liking("kind", 0.9);
    expect((await ask(model, "expected", "s", " kind ")).choices).toEqual([null]);
    const silent = await askChoices(request(model, "expected"), talk, [[{ content: "true" }]], [true]);
    expect(silent.choices).toEqual([null]);
    expect(model.scored).toHaveLength(0);
  });
});

describe("scenarios in which users are asked to choose", () => {
  const written = (...lines: string[]) => {
    const path = join(mkdtempSync(join(tmpdir(), "candor-choosing-")), "x.yaml");
    writeFileSync(
      path,
      [
        "name: x",
        "population: { size: 4, personas: { benign: rest } }",
        "preference: { samples_per_turn: 2 }",
        "training: { method: dpo }",
        ...lines,
      ].join("\n"),
    );
    return path;
  };
  it("say so with choices alone, and in a language that the question is put in", async () => {
    expect(() => loadScenario(written("interaction: { choosing: asked }"))).toThrow(
      "interaction.choosing: users who give marks choose nothing",
    );
    const path = written("interaction: { feedback: choices, choosing: asked }");
    const { scenario } = loadScenario(path);
    await expect(loadResources(scenario, { scenarioPath: path, permissions: NOTHING })).rejects.toThrow(
      "interaction.choosing: users are asked in English, and situations: minnow is written in minnow; use choosing: marks",
    );
  });
});
