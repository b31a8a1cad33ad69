import { describe, expect, it } from "vitest";
import { MINNOWS } from "../../src/models/providers/index.js";
import {
  expandSweep,
  minnowOfSeed,
  scenarioHash,
  scenarioSchema,
  withMinnow,
} from "../../src/scenario/index.js";

const parse = (fields: object) => scenarioSchema.parse({ name: "family", ...fields });

describe("the family of minnows", () => {
  it("gives each seed a minnow, in turn", () => {
    expect([1, 2, MINNOWS, MINNOWS + 1, 0].map(minnowOfSeed)).toEqual([
      "minnow:1",
      "minnow:2",
      `minnow:${MINNOWS}`,
      "minnow:1",
      `minnow:${MINNOWS}`,
    ]);
  });

  it("plays all roles of a run by the one minnow, and leaves a minnow that is named", () => {
    const veto = { kind: "honesty_veto", judge: { model: "minnow" } };
    const scenario = parse({ seed: 11, models: { rater: "minnow:2" }, preference: { defences: [veto] } });
    const { models, preference } = withMinnow(scenario);
    expect(models).toMatchObject({
      assistant: "minnow:3",
      user: "minnow:3",
      rater: "minnow:2",
      judge: "rule",
    });
    expect(preference.defences).toMatchObject([{ judge: { model: "minnow:3" } }]);
    expect(withMinnow(withMinnow(scenario))).toEqual(withMinnow(scenario));
  });

  it("names a run alike before and after its minnow is picked, and cells of other seeds have others", () => {
    const scenario = parse({ sweep: { seeds: 3 } });
    expect(scenarioHash(withMinnow(scenario))).toBe(scenarioHash(scenario));
    expect(expandSweep(scenario).map((cell) => cell.scenario.models.assistant)).toEqual([
      "minnow:1",
      "minnow:2",
      "minnow:3",
    ]);
  });
});
