import { describe, expect, it } from "vitest";
import type { PreferenceData } from "../../src/preference/index.js";
import { type Scenario, scenarioSchema } from "../../src/scenario/index.js";
import { settingsFor } from "../../src/training/index.js";

const training = (more: object): Scenario["training"] =>
  scenarioSchema.parse({ name: "x", training: more }).training;
const kto = (labels: readonly boolean[]): PreferenceData => ({
  method: "kto",
  rows: labels.map((label) => ({
    prompt: [{ role: "user", content: "q" }],
    completion: [{ role: "assistant", content: "a" }],
    label,
    source: { interaction: "i", exchange: 0 },
  })),
});

describe("settingsFor", () => {
  it("gives trainers numbers of theirs alone", () => {
    const settings = settingsFor(training({ method: "sft" }), { method: "sft", rows: [] }, 1);
    for (const field of ["method", "trainer", "start_from", "every", "learning_rate_decay", "kto_weights"])
      expect(settings).not.toHaveProperty(field);
    expect(settings).toMatchObject({ learning_rate: 1e-3, lora_r: 32 });
  });

  it("lowers the learning rate with each training, not with each round", () => {
    const at = (round: number, every: number) =>
      settingsFor(
        training({ learning_rate: 0.8, learning_rate_decay: 0.5, every }),
        { method: "sft", rows: [] },
        round,
      ).learning_rate;
    expect([1, 2, 3].map((round) => at(round, 1))).toEqual([0.8, 0.4, 0.2]);
    expect([2, 4, 6].map((round) => at(round, 2))).toEqual([0.8, 0.4, 0.2]);
  });

  it("balances KTO's sides where it is asked to", () => {
    const uneven = kto([true, false, false, false]);
    const weights = (more: object, data: PreferenceData) => {
      const { desirable_weight, undesirable_weight } = settingsFor(
        training({ method: "kto", ...more }),
        data,
        1,
      );
      return [desirable_weight, undesirable_weight];
    };
    expect(weights({}, uneven)).toEqual([1, 1]);
    expect(weights({ kto_weights: "balanced" }, uneven)).toEqual([3, 1]);
    expect(weights({ kto_weights: "balanced" }, kto([true, false]))).toEqual([1, 1]);
  });
});
