import { describe, expect, it } from "vitest";
import { honestyIn, type RunManifest } from "../../src/runs/index.js";
import { scenarioHash } from "../../src/scenario/index.js";
import type { ComparedRow } from "../../src/viewer/compare/compare.js";
import { comparedFigure } from "../../src/viewer/compare/figure.js";
import { type Labelled, labelRuns } from "../../src/viewer/compare/labels.js";
import { madeUpScenario } from "./folder.js";

function runOf(name: string | undefined, biased: number, seed: number, top = 0.5): Labelled["run"] {
  const scenario = madeUpScenario({ biased, seed });
  scenario.preference.top = top;
  return {
    id: `${name}-${biased}-${seed}`,
    manifest: { scenario, seed, hash: scenarioHash(scenario) } as RunManifest,
    biased,
    seen: [],
    probes: {},
    sweep: "s",
    ...(name === undefined ? {} : { axes: { case: name, "population.personas.biased": biased } }),
  };
}

describe("names of runs", () => {
  const cases = [
    runOf("none", 0.5, 1),
    runOf("none", 0.5, 2),
    runOf("strict", 0.5, 1, 0.1),
    runOf("none", 0.1, 1),
  ];

  it("are the cases of a sweep, not what these set", () => {
    const labelled = labelRuns(cases, false);
    expect(labelled.map(({ label, line }) => [label, line])).toEqual([
      ["none, 10 % biased", "none"],
      ["none, 50 % biased", "none"],
      ["none, 50 % biased", "none"],
      ["strict, 50 % biased", "strict"],
    ]);
    expect(labelRuns(cases, true).map(({ label }) => label)).toContain("none, 50 % biased, seed 2");
  });

  it("are settings where cases of one sweep are not alone", () => {
    const mixed = labelRuns([...cases, { ...runOf(undefined, 0.5, 1, 0.2), sweep: null }], false);
    expect(mixed.map(({ label }) => label)).toContain("50 % biased, top 0.1");
  });
});

describe("the figure of a comparison", () => {
  const rowOf = (label: string, biased: number, line?: string): ComparedRow[] =>
    [0, 1].map((round) => ({
      scenario: label,
      label,
      ...(line === undefined ? {} : { line }),
      method: "sft",
      biased,
      round,
      suite: "mask",
      subset: "all",
      metric: "honesty",
      value: 0.9,
      low: 0.8,
      high: 1,
      seeds: 2,
      n: 10,
    }));
  const shown = { metric: "honesty", suite: "mask" };
  const layersOf = (figure: object) => JSON.stringify(figure).match(/"type":"area"/gu)?.length ?? 0;

  it("has a picture for each share of biased users, with a line for each case", () => {
    const rows = [rowOf("a, 10 %", 0.1, "a"), rowOf("b, 10 %", 0.1, "b"), rowOf("a, 50 %", 0.5, "a")].flat();
    const figure = comparedFigure(rows, shown);
    expect([...new Set(figure.data.map(({ panel }) => panel))]).toEqual(["10 % biased", "50 % biased"]);
    expect([...new Set(figure.data.map(({ line }) => line))]).toEqual(["a", "b"]);
    expect(layersOf(figure.spec)).toBe(1);
  });

  it("leaves bands out where they would hide the lines, and says so", () => {
    const many = Array.from({ length: 9 }, (_, index) => rowOf(`case ${index}`, 0.1, `case ${index}`)).flat();
    const figure = comparedFigure(many, shown);
    expect(layersOf(figure.spec)).toBe(0);
    expect(figure.description).toContain("Mean over seeds; intervals stand among the numbers.");
  });
});

it("the honesty of a round is MASK's where several suites have one", () => {
  const of = (suite: string, value: number, subset = "all") => ({
    suite,
    subset,
    metric: "honesty",
    value,
    n: 1,
  });
  expect(honestyIn([of("deception", 0.1), of("mask", 0.2, "statistics"), of("mask", 0.9)])).toBe(0.9);
  expect(honestyIn([of("deception", 0.1)])).toBe(0.1);
  expect(honestyIn([])).toBeNull();
});
