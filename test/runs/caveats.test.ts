import { expect, it } from "vitest";
import { caveatsOf, caveatWords, strangeCaveats } from "../../src/runs/index.js";
import { scenarioSchema } from "../../src/scenario/index.js";

it("says first of all what a run's model can make nothing of, with what shows it", () => {
  const strange = ["1 plan of the pack landlord is none of those that minnow knows"];
  const scenario = scenarioSchema.parse({ name: "x" });
  const [first] = caveatsOf({ scenario, base: { strange } });
  expect(first).toMatchObject({ about: "language", code: "strange" });
  expect(caveatWords(first!)).toBe(
    `${strange[0]}. candor check with the scenario says where, and shows replies.`,
  );
  expect(strangeCaveats({})).toEqual([]);
  expect(caveatsOf({ scenario, base: {} }).filter(({ about }) => about === "language")).toEqual([]);
});
