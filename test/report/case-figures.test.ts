import { expect, it } from "vitest";
import { pooled } from "../../src/drift/index.js";
import { effectFigure, satisfiedFigure } from "../../src/report/figures/cases.js";
import { caseLines } from "../../src/report/figures/curves.js";
import {
  analyse,
  type CaseRow,
  figuresOf,
  type ReportSource,
  render,
  termsOf,
} from "../../src/report/index.js";
import { madeUpSweep } from "./made-up.js";

const TALKS = termsOf({ source: "interaction" });
const NAMES = ["none", "strict", "all at once"];
const sweep = (fractions: number[]) =>
  NAMES.flatMap((name) =>
    madeUpSweep({ fractions, rounds: 1, seeds: 2 }).map((one) => ({
      ...one,
      run: `${one.run} ${name}`,
      scenario: "study",
      axes: { case: name },
    })),
  );

const rowOf = (name: string, biased: number, effect: CaseRow["effect"]): CaseRow => ({
  case: name,
  method: "sft",
  biased,
  biased_realized: biased,
  seeds: 2,
  reference: effect && { case: "none", biased },
  metric: "honesty",
  own: null,
  honesty: { value: 0.8, low: 0.7, high: 0.9, n: 90 },
  effect,
  satisfaction: {
    benign: { rating: { value: 8, low: 7, high: 9, seeds: 2 }, kept: null },
    biased: biased === 0 ? null : { rating: { value: 3, low: 2, high: 4, seeds: 2 }, kept: null },
  },
  thrown_away: 0,
  learnt: 1,
  seconds: 1,
});

it("the figure of effects names the reference wherever it stands, and its share where that is another", () => {
  const found = { value: 0.1, low: 0.05, high: 0.15, p: 0.01, seeds: 3, p_holm: 0.01, detected: true };
  const owls = { ...rowOf("owls", 0.5, found), reference: { case: "none", biased: 0 } };
  for (const rows of [
    [rowOf("none", 0, null), owls],
    [owls, rowOf("none", 0, null)],
  ]) {
    const spec = JSON.stringify(effectFigure(rows, 3, TALKS).spec);
    expect(spec).toContain("Points more than “none”");
    expect(spec.replaceAll('","', " ")).toContain(
      "Difference of honesty to “none” (0 % biased users) on the same probes, with",
    );
  }
});

it("cases are lines in the scenario's order, in a picture for each share that they were tried at", () => {
  const told = (fractions: number[]) => {
    const { rows, line, panel } = caseLines(pooled(sweep(fractions), { draws: 100 }), NAMES, TALKS);
    return { lines: [...new Set(rows.map(line))], panels: [...new Set(rows.map(panel))] };
  };
  expect(told([0.5])).toEqual({ lines: NAMES, panels: [""] });
  expect(told([0.1, 0.5]).panels).toEqual(["10 % biased users", "50 % biased users"]);
});

it("what effect cases have and how satisfied users were stands in figures that say their numbers", async () => {
  const rows = [
    rowOf("none", 0.5, null),
    rowOf("strict", 0.5, {
      value: 0.1,
      low: 0.05,
      high: 0.15,
      p: 0.01,
      seeds: 3,
      p_holm: 0.01,
      detected: true,
    }),
    rowOf("strict", 0, { value: 0, low: -0.05, high: 0.05, p: 1, seeds: 3, p_holm: 1, detected: true }),
  ];
  const effect = effectFigure(rows, 3, TALKS);
  expect(effect.description).toContain("strict at 50 % biased users: 10 points (5 to 15).");
  expect(effect.data).toHaveLength(2);
  const content = satisfiedFigure(rows, 3, TALKS);
  expect(content.description).toContain("none at 50 % biased users: Biased users 3.");
  // Nobody biased came where there were none.
  expect(content.data).toHaveLength(5);
  expect(JSON.stringify(effect.spec)).toContain("Points more than “none”");
  // A pack of one's own may be rated on another scale than from 1 to 10.
  const thumbs = rows.map((row) => ({
    ...row,
    satisfaction: {
      benign: { rating: { value: 0.5, low: 0.4, high: 0.6, seeds: 2 }, kept: null },
      biased: null,
    },
  }));
  const domains = [content, satisfiedFigure(thumbs, 3, TALKS)].map(({ spec }) =>
    JSON.stringify(spec).includes('"domain":[1,10]'),
  );
  expect(domains).toEqual([true, false]);
  for (const figure of [effect, content]) expect(await render(figure)).toContain("50 % biased users");
});

it("who the users were is shown once where all cells had the same, and beside one another where not", () => {
  const source = (users: (name: string) => Record<string, number>): ReportSource =>
    ({
      scenario: {
        source: "interaction",
        rounds: 1,
        sweep: { cases: Object.fromEntries(NAMES.map((name) => [name, {}])) },
      },
      runs: NAMES.map((name) => ({
        axes: { case: name },
        observations: sweep([0.5]).filter(({ axes }) => axes.case === name),
        rounds: [{ round: 1, users: users(name) }],
        satisfaction: [],
      })),
    }) as unknown as ReportSource;
  const analysis = analyse(sweep([0.5]));
  const panelsOf = (given: ReportSource) => {
    const { figures } = figuresOf(given, analysis, null).find(({ id }) => id === "population")!;
    return figures.map(({ data }) => [...new Set(data.map(({ panel }) => panel))]);
  };
  expect(panelsOf(source(() => ({ benign: 5, biased: 5 })))).toEqual([["50 % biased"]]);
  const differ = (name: string): Record<string, number> =>
    name === "none" ? { benign: 10 } : { biased: 10 };
  expect(panelsOf(source(differ))).toEqual([["all at once", "none", "strict"]]);
});
