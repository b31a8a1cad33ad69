import { describe, expect, it } from "vitest";
import type { Figure } from "../../src/report/index.js";
import { honestyIn, type RunManifest } from "../../src/runs/index.js";
import { scenarioHash } from "../../src/scenario/index.js";
import type { ComparedRow } from "../../src/viewer/compare/compare.js";
import { comparedFigure, themedFile } from "../../src/viewer/compare/figure.js";
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

  it("are one where seeds picked their own minnow, and two where the scenario named it", () => {
    const played = (seed: number, assistant: string) => {
      const run = runOf(undefined, 0.5, seed);
      run.manifest.scenario = { ...madeUpScenario({ seed, biased: 0.5 }), seed };
      run.manifest.scenario.models.assistant = assistant;
      return { ...run, sweep: null, axes: {} };
    };
    const labels = (...runs: Labelled["run"][]) => new Set(labelRuns(runs, false).map(({ label }) => label));
    expect(labels(played(1, "minnow:1"), played(2, "minnow:2"))).toEqual(new Set(["50 % biased"]));
    expect(labels(played(1, "minnow:3"), played(2, "minnow:4")).size).toBe(2);
  });

  it("are few: what tells no more apart is left out", () => {
    const named = (name: string, rounds: number, biased: number) => {
      const run = runOf(undefined, biased, 1);
      run.manifest.scenario = madeUpScenario({ name, rounds, biased });
      return { ...run, sweep: null, axes: {} };
    };
    const labels = (...runs: Labelled["run"][]) => labelRuns(runs, false).map(({ label }) => label);
    expect(labels(named("one", 1, 0), named("two", 2, 0.5))).toEqual(["0 % biased, one", "50 % biased, two"]);
    expect(labels(named("one", 1, 0.5), named("one", 2, 0.5))).toEqual(["rounds 1", "rounds 2"]);
    // Shares that round to the same are not pooled.
    expect(new Set(labels(named("one", 1, 0.1), named("one", 1, 0.10001))).size).toBe(2);
  });

  it("tell a run from its own copy in another folder, which would count as two seeds", () => {
    const one = { ...runOf(undefined, 0.5, 1), sweep: null, axes: {} };
    const copy = { ...one, id: "copy/of-it" };
    expect(labelRuns([one, copy], false).map(({ label }) => label)).toEqual([
      "50 % biased",
      "50 % biased (copy/of-it)",
    ]);
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
      axes: {},
      label,
      share: `${100 * biased} % biased`,
      byShare: line === undefined,
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
  const shown = { metric: "Honesty", suite: "mask", rounds: 4 };
  const kind = (figure: Figure, of: string) => figure.data.filter((row) => row.kind === of);
  const runsOf = (rows: readonly ComparedRow[]) =>
    rows.flatMap(({ label, round, value }) =>
      ["a", "b"].map((run) => ({ label, run: `${label} ${run}`, round, value })),
    );

  it("has a picture for each share of biased users, with a line for each case", () => {
    const rows = [rowOf("a, 10 %", 0.1, "a"), rowOf("b, 10 %", 0.1, "b"), rowOf("a, 50 %", 0.5, "a")].flat();
    const figure = comparedFigure(rows, [], shown, false);
    expect([...new Set(figure.data.map(({ panel }) => panel))]).toEqual(["10 % biased", "50 % biased"]);
    expect([...new Set(figure.data.map(({ line }) => line))]).toEqual(["a", "b"]);
  });

  it("has a thin line for each run, and one interval at the end of each line", () => {
    const rows = [rowOf("0 % biased", 0), rowOf("50 % biased", 0.5)].flat();
    const figure = comparedFigure(rows, runsOf(rows), shown, false);
    expect(new Set(kind(figure, "run").map(({ run }) => run)).size).toBe(4);
    expect(kind(figure, "interval").map(({ line, low, high }) => [line, low, high])).toEqual([
      ["0 % biased", 0.8, 1],
      ["50 % biased", 0.8, 1],
    ]);
    for (const { round } of kind(figure, "interval")) expect(round).toBeGreaterThan(1);
    expect(kind(figure, "label").map(({ line }) => line)).toEqual(["0 % biased", "50 % biased"]);
  });

  it("keeps names at the ends of lines apart, and has a legend where they do not fit", () => {
    const rows = [rowOf("0 % biased", 0), rowOf("50 % biased", 0.5), rowOf("100 % biased", 1)].flat();
    const at = kind(comparedFigure(rows, [], shown, true), "label").map(({ value }) => Number(value));
    expect(Math.min(at[0]! - at[1]!, at[1]! - at[2]!)).toBeGreaterThan(0.01);
    const long = [rowOf("50 % biased, a scenario of a very long name", 0.5), rowOf("0 % biased", 0)].flat();
    const figure = comparedFigure(long, [], shown, true);
    expect(kind(figure, "label")).toEqual([]);
    expect(JSON.stringify(figure.spec)).toContain('"orient":"bottom"');
  });

  it("reaches to the last round that is planned from the beginning", () => {
    const { spec } = comparedFigure(rowOf("0 % biased", 0), [], { ...shown, rounds: 12 }, true);
    expect(JSON.stringify(spec)).toContain('"domain":[0,12]');
  });

  it.each([1, 2, 3, 4, 7])("counts every one of %i rounds under its axis", async (rounds) => {
    const svg = await themedFile(comparedFigure(rowOf("0 % biased", 0), [], { ...shown, rounds }, false));
    const told = [...svg.matchAll(/<text[^>]*>(\d+)<\/text>/gu)].map(([, number]) => Number(number));
    expect(told).toEqual(Array.from({ length: rounds + 1 }, (_, round) => round));
  });

  it.each([false, true])("is no wider than its column (narrow: %s)", async (narrow) => {
    const rows = [rowOf("0 % biased", 0), rowOf("50 % biased", 0.5)].flat();
    const svg = await themedFile(comparedFigure(rows, runsOf(rows), shown, narrow));
    expect(Number(/<svg[^>]* width="([\d.]+)"/u.exec(svg)![1])).toBeLessThanOrEqual(narrow ? 364 : 734);
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
