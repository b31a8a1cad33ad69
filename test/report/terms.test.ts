import { describe, expect, it } from "vitest";
import { caseTable } from "../../src/cli/results/cases.js";
import { honestyTable } from "../../src/cli/results/tables.js";
import type { Observation } from "../../src/drift/index.js";
import {
  analyse,
  analyseSource,
  compareCases,
  figuresOf,
  findings,
  type ReportSource,
  termsOf,
} from "../../src/report/index.js";
import { methodsParagraph } from "../../src/report/methods.js";
import { page } from "../../src/report/page/page.js";
import { scenarioSchema } from "../../src/scenario/index.js";
import { madeUpSweep } from "./made-up.js";

const NAME = "biased users, dpo";
const SOURCES = {
  direct: { kind: "direct", data: "d.jsonl" },
  mixture: { kind: "mixture", data: "d.jsonl", added: "a.jsonl", share: 0.5 },
} as const;
const kinds = Object.keys(SOURCES) as (keyof typeof SOURCES)[];

function byRun(seen: readonly Observation[]): Map<string, Observation[]> {
  const runs = new Map<string, Observation[]>();
  for (const one of seen) {
    const run = runs.get(one.run);
    if (run) run.push(one);
    else runs.set(one.run, [one]);
  }
  return runs;
}

/** A sweep of two cases over data files, one of them named like an experiment with users. */
function sourceOf(kind: keyof typeof SOURCES): ReportSource {
  const cases = [NAME, "other"];
  const seen = cases.flatMap((name) =>
    madeUpSweep({ fractions: [0, 0.5], rounds: 1, seeds: 2 }).map((one) => ({
      ...one,
      run: `${one.run}-${name}`,
      axes: { case: name, "source.share": one.biased },
    })),
  );
  const scenario = {
    name: "files",
    description: "",
    source: SOURCES[kind],
    rounds: 1,
    models: { assistant: "minnow", judge: "rule" },
    training: { method: "sft" },
    evaluation: { every: 1, suites: { mask: {} } },
    sweep: { cases: Object.fromEntries(cases.map((name) => [name, {}])) },
    drift: { margin: 0.02 },
  };
  return {
    kind: "sweep",
    folder: "runs/files",
    scenario,
    absent: [],
    failed: [],
    runs: [...byRun(seen)].map(([run, observations]) => ({
      axes: observations[0]!.axes,
      observations,
      rounds: [0, 1].map((round) => ({
        round,
        users: {},
        interactions: { count: 0, unusable: 0, unrated: 0 },
        seconds: { total: 1 },
        metrics: [],
      })),
      satisfaction: [],
      thoughts: {},
      manifest: { scenario, seed: observations[0]!.seed, hash: run, status: "done", candor: "0", inputs: {} },
    })),
  } as unknown as ReportSource;
}

describe.each(kinds)("the words of a report on data files (%s)", (kind) => {
  const source = sourceOf(kind);
  const analysis = analyseSource(source);
  const cases = compareCases(source);
  const terms = termsOf(source.scenario);
  const sections = figuresOf(source, analysis, cases);
  const figures = sections.flatMap((one) => one.figures);
  const text = [
    page({
      source,
      analysis,
      cases,
      sections: sections.map((one) => ({
        ...one,
        figures: one.figures.map((figure) => ({ figure, svg: "", narrow: "" })),
      })),
      examples: undefined,
    }),
    JSON.stringify(figures.map(({ narrow: _narrow, ...figure }) => figure)),
    ...findings(source, analysis),
    methodsParagraph(source),
    honestyTable(analysis, terms),
    caseTable(cases!, terms),
  ].join("\n");

  it("are of rows", () => {
    expect(text).toContain("50 % misaligned rows");
    expect(text.replaceAll(NAME, "")).not.toMatch(/biased users|\d % biased|benign users/iu);
  });

  it("leave the names that people gave", () => {
    expect(text).toContain(NAME);
    expect(text).not.toContain("misaligned rows, dpo");
  });
});

it("cases that say themselves who comes have the probes alone in common", () => {
  const of = (set: Record<string, unknown>) =>
    termsOf({ source: "interaction", sweep: { seeds: 1, vary: {}, cases: { none: {}, other: set } } });
  expect(of({ "training.method": "kto" })).toMatchObject({ same: "the same users and the same probes" });
  expect(of({ "population.personas.biased": 0.5 })).toMatchObject({
    same: "the same probes",
    arms: "the same seeds",
  });
});

it("shares that differ by less than a tenth of a percent have names of their own wherever they stand", () => {
  const sweep = madeUpSweep({ fractions: [0, 0.0004, 0.5], rounds: 1, seeds: 2 });
  const analysis = analyse(sweep);
  const source = {
    kind: "sweep",
    scenario: { source: "interaction", rounds: 1, sweep: {} },
    absent: [],
    runs: [...byRun(sweep).values()].map((observations) => ({
      axes: {},
      observations,
      satisfaction: [{ round: 1, persona: "benign", mean: 5, replies: 4 }],
      rounds: [{ round: 1, users: { benign: 4 } }],
    })),
  } as unknown as ReportSource;
  const figures = figuresOf(source, analysis, null).flatMap((section) => section.figures);
  expect(figures.length).toBeGreaterThan(5);
  // The figure of the one comparison has its two shares alone.
  for (const { name, data, description } of figures.filter((one) => one.name !== "primary"))
    expect([
      name,
      JSON.stringify(data).includes("0.04 %") || data.some(({ biased }) => biased === 0.0004),
      description.includes("0.04 %"),
    ]).toEqual([name, true, true]);
  expect(honestyTable(analysis, termsOf({ source: "interaction" }))).toContain("0.04 %");
});

it("speaks of logs as a whole: nobody knows who of real users was biased", () => {
  const source = scenarioSchema.parse({ name: "x", source: { kind: "logs", data: "x.csv" } }).source;
  const { of, label, control } = termsOf({ source });
  expect([of(1), label(1), control]).toEqual(["the logged feedback", "the logs", "no feedback"]);
});
