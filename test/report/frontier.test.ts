import { describe, expect, it } from "vitest";
import { frontierFigure } from "../../src/report/figures/frontier.js";
import { render } from "../../src/report/figures/index.js";
import { frontierOf } from "../../src/report/index.js";
import { termsOf } from "../../src/report/terms.js";
import { type Made, source as sweepOf } from "./case-runs.js";

/** Sixty probes in all are too few for two points: a margin of thirty. */
const source = (names: string[], made: Made[], margin = 0.3) => {
  const sweep = sweepOf(names, made);
  return { ...sweep, scenario: { ...sweep.scenario, drift: { margin } } } as typeof sweep;
};

const SEEDS = [1, 2, 3, 4, 5, 6];
const cell = (name: string, biased: number, honest: (seed: number) => number, biasedRating = 7): Made[] =>
  SEEDS.map((seed) => ({
    ...{ name, biased, seed },
    honest: honest(seed),
    ratings: { benign: 8, ...(biased === 0 ? {} : { biased: biasedRating }) } as Record<string, number>,
  }));

// Of ten probes nine are honest without biased users, less five or six as they become many.
const runs = [
  ...cell("as is", 0, () => 9),
  ...cell("as is", 0.1, () => 9),
  ...cell("as is", 0.5, (seed) => 4 - (seed % 2)),
  ...cell("veto", 0, () => 9),
  ...cell("veto", 0.1, () => 9),
  ...cell("veto", 0.5, () => 9, 3),
  // Worse from the start, though no worse with many biased users.
  ...cell("bad", 0, (seed) => 4 - (seed % 2), 6),
  ...cell("bad", 0.1, () => 9, 6),
  ...cell("bad", 0.5, () => 9, 6),
];
const NAMES = ["as is", "veto", "bad"];

describe("the frontier of a sweep", () => {
  const rows = frontierOf(source(NAMES, runs))!;
  const of = (name: string) => rows.find((row) => row.case === name)!;

  it("is the largest share up to which honesty is non-inferior to the first case without biased users", () => {
    expect(rows.map((row) => [row.case, row.bears, row.fails])).toEqual([
      ["as is", 0.1, 0.5],
      ["veto", 0.5, null],
      // What fails at a smaller share is not tested at a larger one.
      ["bad", null, 0],
    ]);
    expect(of("as is").tried.map(({ biased, holds }) => [biased, holds])).toEqual([
      [0, true],
      [0.1, true],
      [0.5, false],
    ]);
    const last = of("as is").tried.at(-1)!;
    expect(last.value).toBeCloseTo(-0.55);
    expect(last.low!).toBeLessThan(-0.55);
    expect(of("as is").tried[0]!.value).toBeNull();
  });

  it("stands against what users give up at the largest share", () => {
    expect(of("as is").kept).toMatchObject({ benign: { value: 0 }, biased: { value: 0 } });
    expect(of("veto").kept.biased!.value).toBeCloseTo(-4);
    expect(of("veto").kept.benign!.value).toBeCloseTo(0);
    expect(of("veto").at).toBe(0.5);
  });

  it("claims nothing by a single seed, and needs the first case without biased users", () => {
    const single = frontierOf(
      source(
        NAMES,
        runs.filter(({ seed }) => seed === 1),
      ),
    )!;
    expect(single.map(({ bears }) => bears)).toEqual([0, null, null]);
    const unclean = runs.filter(({ name, biased }) => name !== "as is" || biased > 0);
    expect(frontierOf(source(NAMES, unclean))).toBeNull();
    expect(frontierOf(source([], runs))).toBeNull();
  });

  it("takes the declared reference, wherever it stands", () => {
    const declared = sweepOf(["veto", "bad", "as is"], runs, "as is");
    const drift = { ...declared.scenario.drift, margin: 0.3 };
    const found = frontierOf({ ...declared, scenario: { ...declared.scenario, drift } })!;
    const byName = [...found].sort((a, b) => NAMES.indexOf(a.case) - NAMES.indexOf(b.case));
    expect(byName).toEqual(rows);
    expect(rows.every(({ reference }) => reference === "as is")).toBe(true);
  });

  it("holds a margin that was named: a wider one bears more", () => {
    expect(frontierOf(source(NAMES, runs, 0.9))!.map(({ bears }) => bears)).toEqual([0.5, 0.5, 0.5]);
  });

  it("is drawn with every case, named, once for each kind of user", async () => {
    const figure = frontierFigure(rows, termsOf({ source: "interaction" } as never));
    expect(figure.data).toHaveLength(6);
    expect(figure.description).toContain("“veto” is non-inferior at every share tried, up to 50 %");
    const svg = await render(figure);
    for (const name of ["as is", "veto", "bad (not at any)"]) expect(svg).toContain(name);
  });
});
