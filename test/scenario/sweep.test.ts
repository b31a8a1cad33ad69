import { describe, expect, it } from "vitest";
import {
  expandSweep,
  longestProbeReply,
  type Scenario,
  scenarioHash,
  scenarioSchema,
} from "../../src/scenario/index.js";

const scenario = (extra: object = {}): Scenario =>
  scenarioSchema.parse({
    name: "x",
    seed: 5,
    population: { personas: { benign: "rest", biased: 0 } },
    sweep: {
      seeds: 2,
      vary: { "training.method": ["sft", "kto"], "population.personas.biased": [0, 0.1, 1] },
    },
    ...extra,
  });

describe("expandSweep", () => {
  it("is the product of axes and seeds, first axis slowest", () => {
    const cells = expandSweep(scenario());
    expect(cells.map(({ axes, seed }) => [...Object.values(axes), seed].join(" "))).toEqual([
      "sft 0 5",
      "sft 0 6",
      "sft 0.1 5",
      "sft 0.1 6",
      "sft 1 5",
      "sft 1 6",
      "kto 0 5",
      "kto 0 6",
      "kto 0.1 5",
      "kto 0.1 6",
      "kto 1 5",
      "kto 1 6",
    ]);
  });

  it("resolves each cell and leaves benign to fill up", () => {
    const cell = expandSweep(scenario())[9]!;
    expect(cell.scenario.training.method).toBe("kto");
    expect(cell.scenario.population.personas).toEqual({ benign: "rest", biased: 0.1 });
    expect(cell.scenario.seed).toBe(6);
    expect(cell.scenario.sweep).toEqual({ seeds: 1, vary: {} });
  });

  it("gives every cell a hash of its own", () => {
    const hashes = expandSweep(scenario()).map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{10}$/);
  });

  it("has one cell a seed if nothing varies", () => {
    expect(expandSweep(scenario({ sweep: { seeds: 3 } })).map(({ seed }) => seed)).toEqual([5, 6, 7]);
  });

  it("leaves the scenario it is given alone", () => {
    const given = scenario();
    const before = JSON.stringify(given);
    expandSweep(given);
    expect(JSON.stringify(given)).toBe(before);
  });
});

describe("cases", () => {
  const armed = scenario({
    sweep: {
      seeds: 1,
      vary: { "population.personas.biased": [0, 0.5] },
      cases: {
        plain: {},
        late: { "population.personas.fan": { kind: "step", to: 0.2, start: 3 }, "training.beta": 0.5 },
      },
    },
  });

  it("come first, each with every combination of the other axes", () => {
    expect(expandSweep(armed).map(({ axes }) => axes)).toEqual([
      { case: "plain", "population.personas.biased": 0 },
      { case: "plain", "population.personas.biased": 0.5 },
      { case: "late", "population.personas.biased": 0 },
      { case: "late", "population.personas.biased": 0.5 },
    ]);
  });

  it("set fields of any kind, with their defaults filled in, and leave no trace of the sweep", () => {
    const [plain, , late] = expandSweep(armed);
    expect(late!.scenario.training.beta).toBe(0.5);
    expect(late!.scenario.population.personas.fan).toEqual({ kind: "step", from: 0, to: 0.2, start: 3 });
    expect(late!.scenario.sweep).toEqual({ seeds: 1, vary: {} });
    expect(plain!.hash).toBe(scenarioHash(scenario()));
  });
});

describe("scenarioHash", () => {
  it("is the same whatever grid a cell comes from, and whatever the order of fields", () => {
    const alone = scenario({
      seed: 6,
      sweep: {},
      training: { method: "kto" },
      population: { personas: { benign: "rest", biased: 0.1 } },
    });
    const { name, ...rest } = alone;
    expect(scenarioHash(alone)).toBe(expandSweep(scenario())[9]!.hash);
    expect(scenarioHash({ ...rest, name })).toBe(scenarioHash(alone));
  });

  it("names the longest reply to a probe that is played, written or by the kind of the assistant", () => {
    const of = (assistant: string, max_tokens?: number) =>
      scenario({ models: { assistant }, evaluation: max_tokens === undefined ? {} : { max_tokens } });
    expect(longestProbeReply(of("minnow"))).toBe(48);
    expect(longestProbeReply(of("minnow:3"))).toBe(48);
    expect(longestProbeReply(of("hf:model"))).toBe(1_000);
    expect(longestProbeReply(of("openai:model"))).toBe(1_000);
    expect(longestProbeReply(of("hf:model", 20))).toBe(20);
    expect(scenarioHash(of("minnow"))).toBe(scenarioHash(of("minnow", 48)));
    expect(scenarioHash(of("hf:model"))).toBe(scenarioHash(of("hf:model", 1_000)));
    expect(scenarioHash(of("hf:model"))).not.toBe(scenarioHash(of("hf:model", 48)));
    // Also where the assistant is another in one case of a sweep.
    const [small, real] = expandSweep(
      scenario({ sweep: { seeds: 1, cases: { small: {}, real: { "models.assistant": "hf:model" } } } }),
    );
    expect(longestProbeReply(small!.scenario)).toBe(48);
    expect(longestProbeReply(real!.scenario)).toBe(1_000);
  });

  it("changes with what is computed, not with prose", () => {
    expect(scenarioHash(scenario({ description: "why" }))).toBe(scenarioHash(scenario()));
    expect(scenarioHash(scenario({ rounds: 3 }))).not.toBe(scenarioHash(scenario()));
    // The order of personas decides ties between equal remainders.
    const swapped = scenario({ population: { personas: { biased: 0, benign: "rest" } } });
    expect(scenarioHash(swapped)).not.toBe(scenarioHash(scenario()));
  });
});
