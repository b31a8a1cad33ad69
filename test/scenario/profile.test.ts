import { describe, expect, test } from "vitest";
import { UserError } from "../../src/errors.js";
import { packageFile } from "../../src/package-root.js";
import { expandSweep, loadScenario, scenarioHash } from "../../src/scenario/index.js";
import { folderWith } from "./files.js";

const BASE = `name: x
population: { size: 100, personas: { benign: rest, biased: 0.2 } }
`;
const PROFILES = `profiles:
  small:
    population.size: 10
    rounds: 1
    training: { lora_r: 4 }
  wrong: { population.size: many }
`;

const load = (more: string, ...overrides: string[]) =>
  loadScenario(`${folderWith({ "x.yaml": BASE + more })}/x.yaml`, overrides).scenario;

describe("a profile", () => {
  test("sets its fields, and other overrides come after it", () => {
    expect(load(PROFILES, "profile=small")).toMatchObject({
      rounds: 1,
      population: { size: 10 },
      training: { lora_r: 4, lora_alpha: 64 },
    });
    expect(load(PROFILES, "rounds=3", "profile=small").rounds).toBe(3);
    expect(load(`${PROFILES}profile: small\n`).population.size).toBe(10);
  });

  test("is no part of what runs: the same fields give the same run", () => {
    const plain = load("");
    expect(scenarioHash(load(PROFILES))).toBe(scenarioHash(plain));
    expect(load(PROFILES)).not.toHaveProperty("profiles");
    const byHand = load("", "population.size=10", "rounds=1", "training.lora_r=4");
    expect(scenarioHash(load(PROFILES, "profile=small"))).toBe(scenarioHash(byHand));
  });

  test.each([
    ["profile=smal", /unknown profile "smal"; did you mean "small"\?/],
    ["profile=wrong", /profile wrong: population.size: expected a number, found "many"/],
  ])("%s is refused", (override, message) => {
    expect(() => load(PROFILES, override)).toThrow(UserError);
    expect(() => load(PROFILES, override)).toThrow(message);
  });
});

describe("scenarios/paper.yaml", () => {
  const path = packageFile("scenarios/paper.yaml");
  const fractions = [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

  test("states the paper's settings", () => {
    const { scenario } = loadScenario(path);
    expect(scenario).toMatchObject({
      rounds: 1,
      situations: "therapy",
      population: { size: 20_000 },
      interaction: { exchanges: 2, reward: "sum" },
      preference: { top: 10_000, bottom: 10_000 },
      training: {
        start_from: "initial",
        num_train_epochs: 5,
        max_length: 2048,
        weight_decay: 0.01,
        lora_r: 32,
        lora_alpha: 64,
        beta: 0.1,
      },
    });
    const cells = expandSweep(scenario);
    expect(cells.map(({ axes }) => axes["population.personas.biased"])).toStrictEqual([
      ...fractions,
      ...fractions,
    ]);
    const settings = cells.map(({ scenario: { training } }) => [
      training.method,
      training.learning_rate,
      training.batch_size,
    ]);
    expect(settings[0]).toStrictEqual(["sft", 1e-4, 8]);
    expect(settings.at(-1)).toStrictEqual(["kto", 1e-5, 16]);
  });

  test("runs the same grid at minnow's size with one override", () => {
    const { scenario } = loadScenario(path, ["profile=minnow"]);
    expect(scenario.models).toStrictEqual({
      assistant: "minnow",
      user: "minnow",
      rater: "minnow",
      judge: "rule",
    });
    expect(scenario.training).toMatchObject({
      trainer: "embedded",
      num_train_epochs: 5,
      start_from: "initial",
    });
    expect(expandSweep(scenario)).toHaveLength(24);
  });
});
