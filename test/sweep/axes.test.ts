import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandSweep } from "../../src/scenario/index.js";
import { parseAxis } from "../../src/sweep/axes.js";
import { gridFilter, loadGrid, sweepHash } from "../../src/sweep/index.js";
import { doneJobs, jobsOf } from "../../src/sweep/jobs.js";
import { newWorld } from "./cells.js";

const world = newWorld("axes");
const file = join(world, "cells.yaml");
const BIASED = "population.personas.biased";
const axesOf = (...args: Parameters<typeof loadGrid>) =>
  expandSweep(loadGrid(...args).scenario).map(({ axes }) => axes);

describe("--vary", () => {
  it("takes lists, ranges and files", () => {
    writeFileSync(join(world, "values"), "# rates\n0.01\n\n0.02\n");
    expect(parseAxis("a.b=1, x,true")).toEqual(["a.b", [1, "x", true]]);
    expect(parseAxis("a=0..1:0.1")).toEqual(["a", [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]]);
    expect(parseAxis("a=3..5")).toEqual(["a", [3, 4, 5]]);
    expect(parseAxis("a=0..0.9:0.3")).toEqual(["a", [0, 0.3, 0.6, 0.9]]);
    expect(parseAxis(`a=@${join(world, "values")}`)).toEqual(["a", [0.01, 0.02]]);
  });

  it.each(["a", "a=", "=1", "a=1..0", "a=0..1:0", "a=0..9999999", "a=@nowhere", "a={b: 1}"])(
    "refuses %s",
    (text) => {
      expect(() => parseAxis(text)).toThrow(/--vary/);
    },
  );

  it("counts both ends of any range, in numbers as one writes them", () => {
    fc.assert(
      fc.property(fc.integer({ min: -500, max: 500 }), fc.integer({ min: 0, max: 99 }), (first, steps) => {
        const shown = (whole: number) => (whole / 100).toFixed(2);
        const [, values] = parseAxis(`a=${shown(first)}..${shown(first + 7 * steps)}:0.07`);
        expect(values.map(String)).toEqual(
          Array.from({ length: steps + 1 }, (_, n) => String(Number(shown(first + 7 * n)))),
        );
      }),
    );
  });

  it("adds axes to those of the file, or gives them other values", () => {
    expect(axesOf(file, { vary: [`${BIASED}=0.5`, "training.lora_r=2,4"] })).toEqual([
      { [BIASED]: 0.5, "training.lora_r": 2 },
      { [BIASED]: 0.5, "training.lora_r": 4 },
    ]);
    expect(() => loadGrid(file, { vary: ["training.lora_rr=2"] })).toThrow(
      /^--vary training\.lora_rr=2: sweep\.vary\.training\.lora_rr: unknown field; did you mean "lora_r"\?/u,
    );
  });
});

describe("--zip", () => {
  it("goes along two axes together, across the others", () => {
    const grid = expandSweep(
      loadGrid(file, {
        vary: ["training.lora_r=2,4", "training.learning_rate=0.01,0.02"],
        zip: ["training.lora_r,training.learning_rate"],
      }).scenario,
    );
    expect(
      grid.map(({ scenario: { training, population } }) => [
        training.lora_r,
        training.learning_rate,
        population.personas.biased,
      ]),
    ).toEqual([
      [2, 0.01, 0.25],
      [2, 0.01, 1],
      [4, 0.02, 0.25],
      [4, 0.02, 1],
    ]);
  });

  it("refuses axes of different lengths and what is no axis", () => {
    const zip = ["training.lora_r,training.learning_rate"];
    expect(() => loadGrid(file, { vary: ["training.lora_r=2", "training.learning_rate=1,2"], zip })).toThrow(
      /1 and 2 values/,
    );
    expect(() => loadGrid(file, { vary: ["training.lora_r=2"], zip })).toThrow(/learning_rate is no axis/);
  });
});

it("refuses a range whose steps pass over its end, which would be lost", () => {
  expect(() => parseAxis("a=0..1:0.3")).toThrow(/steps of 0.3 from 0 end at 0.9, not at 1; /);
});

describe("--filter", () => {
  const { scenario } = loadGrid(file, { set: ["sweep.seeds=3"] });
  const left = (...filters: string[]) =>
    expandSweep(scenario)
      .filter(gridFilter(filters, scenario))
      .map(({ axes, seed }) => `${axes[BIASED]}/${seed}`);

  it("leaves any of the values of an axis, and all of several axes", () => {
    expect(left("biased=1")).toEqual(["1/1", "1/2", "1/3"]);
    expect(left(`${BIASED}=1`, "seed=1,3")).toEqual(["1/1", "1/3"]);
    expect(left()).toHaveLength(6);
  });

  it("takes a number however it is written", () => {
    expect(left("biased=0.250", "seed=1")).toEqual(left("biased=25e-2", "seed=1"));
    expect(left("biased=0.250", "seed=1")).toEqual(["0.25/1"]);
  });

  it("refuses what the grid does not have", () => {
    expect(() => left("biased=0.3")).toThrow(/has no 0.3; it has 0.25, 1/);
    expect(() => left("rounds=1")).toThrow(/no axis rounds; there are/);
  });
});

it("plans 10,000 cells", async () => {
  const { scenario, path } = loadGrid(file, {
    vary: [`${BIASED}=0..0.99:0.01`, "training.learning_rate=0.001..0.1:0.001"],
  });
  const left = expandSweep(scenario).filter(gridFilter(["biased=0.5"], scenario));
  expect([sweepHash(scenario).length, left.length]).toEqual([10, 100]);
  expect((await doneJobs(jobsOf(scenario, join(dirname(file), "none"), path), null)).size).toBe(0);
});
