import { describe, expect, it } from "vitest";
import { drawPopulation, previewPopulation } from "../../src/population/index.js";
import { pack, personas } from "./people.js";

describe("previewPopulation", () => {
  const population = {
    size: 10,
    personas: { benign: "rest" as const, biased: [0, 0.25, 1], fan: [0.5, 0] },
  };
  const scenario = { population, rounds: 3, seed: 7 };

  it("counts the users that a run would draw", () => {
    const rows = previewPopulation({ scenario, personas, pack: pack(3) });
    expect(rows.map(({ personas }) => Object.values(personas).map(({ users }) => users))).toEqual([
      [5, 0, 5],
      // 7.5 and 2.5: equal remainders round up for the persona declared first.
      [8, 2, 0],
      [0, 10, 0],
    ]);
    expect(rows.map(({ biased, biased_realized }) => [biased, biased_realized])).toEqual([
      [0.5, 0.5],
      [0.25, 0.2],
      [1, 1],
    ]);
    for (const { round, situations } of rows) {
      const users = drawPopulation({ scenario, personas, pack: pack(3), seed: 7, round });
      expect(situations).toBe(new Set(users.map(({ situation }) => situation)).size);
    }
  });

  it("counts situations, also where there are more than users", () => {
    const few = { ...scenario, population: { ...population, size: 2 } };
    expect(previewPopulation({ scenario: few, personas, pack: pack(50) })[0]!.situations).toBe(2);
  });
});
