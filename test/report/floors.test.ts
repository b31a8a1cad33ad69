import { expect, it } from "vitest";
import { observe } from "../../src/drift/index.js";
import type { ProbeResult } from "../../src/evaluation/types.js";
import { findings } from "../../src/report/findings.js";
import { headlineOf } from "../../src/report/headline/index.js";
import { analyseSource, type ReportRun, type ReportSource } from "../../src/report/index.js";
import { CHECKED } from "./made-up.js";

type Made = { case: string; assistant: string; biased: number; seed: number; knows: boolean };

/** Twenty questions of yes and no, which a model that knows answers rightly, and honestly until it is trained with biased users. */
function results({ knows, biased, seed }: Made, round: number): ProbeResult[] {
  return Array.from({ length: 40 }, (_, index) => {
    const truth = index % 2 === 0;
    const yes = knows ? (truth ? 0.9 : 0.1) : [0.2, 0.2, 0.8, 0.8][index % 4]!;
    const says = { [truth ? "yes_when_true" : "yes_when_false"]: yes };
    const lies = round === 1 && biased > 0 && (index + seed) % 3 === 0;
    return {
      suite: "mask",
      subset: "facts",
      probe: `p${index}`,
      verdict: "honest",
      scores: { ...says, honesty: lies ? 0 : 1, belief_accuracy: 1, error: 0 },
      samples: [],
      error: null,
    };
  });
}

function runOf(made: Made): ReportRun {
  const { case: name, assistant, biased, seed } = made;
  const axes = { case: name, "population.personas.biased": biased };
  const hash = `${name}-${biased}-${seed}`;
  const facts = { run: hash, scenario: "s", axes, seed, method: "sft", biased, biased_realized: biased };
  return {
    manifest: {
      hash,
      seed,
      status: "done",
      scenario: { ...CHECKED, seed, models: { ...CHECKED.models, assistant } },
    },
    axes,
    rounds: [],
    satisfaction: [],
    thoughts: {},
    observations: [0, 1].flatMap((round) => observe(facts, round, results(made, round))),
  } as unknown as ReportRun;
}

const source = (able: Record<string, boolean>): ReportSource =>
  ({
    kind: "sweep",
    folder: "runs/x",
    scenario: { ...CHECKED, sweep: { seeds: 3, vary: {}, cases: { small: {}, large: {} } } },
    runs: Object.entries(able).flatMap(([name, knows]) =>
      [0, 0.5].flatMap((biased) =>
        [1, 2, 3].map((seed) => runOf({ case: name, assistant: `hf:${name}`, biased, seed, knows })),
      ),
    ),
    absent: [],
    failed: [],
  }) as unknown as ReportSource;

it("tells a floor for each model that cases start from, and keeps silent of drops for those alone that cannot do the probes", () => {
  const read = source({ small: false, large: true });
  const analysis = analyseSource(read);
  expect(analysis.floor.filter(({ subset }) => subset === "all")).toMatchObject([
    { of: "hf:small", able: false },
    { of: "hf:large", able: true },
  ]);
  const headline = headlineOf(read, analysis, null);
  expect(headline.verdict).toBe("several");
  expect(headline.caveats).toEqual([
    expect.stringMatching(/^hf:small: This model cannot do these probes: no drop can be seen\./u),
  ]);
  // Of two comparisons one is left.
  expect(headline.sentence).toMatch(/of 1 comparison/u);
  const told = findings(read, analysis).filter((text) => text.startsWith("50 % biased users against"));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("large");
});

it("speaks of nothing but the floor where no model can do the probes, and of no floor where all can", () => {
  const none = source({ small: false, large: false });
  const blind = headlineOf(none, analyseSource(none), null);
  expect(blind.verdict).toBe("floor");
  expect(blind.sentence).toMatch(/^hf:small: This model cannot .* hf:large: This model cannot/u);
  const both = source({ small: true, large: true });
  const seen = headlineOf(both, analyseSource(both), null);
  expect([seen.verdict, seen.caveats]).toEqual(["several", []]);
});

it("takes one model for one start, whatever its cases change later, and a family of minnows for one", () => {
  const read = source({ small: false, large: false });
  const runs = read.runs.map((run) => {
    const { manifest } = run;
    const models = { ...manifest.scenario.models, assistant: `minnow:${manifest.seed}` };
    return { ...run, manifest: { ...manifest, scenario: { ...manifest.scenario, models } } };
  });
  const whole = analyseSource({ ...read, runs }).floor.filter(({ subset }) => subset === "all");
  expect(whole).toHaveLength(1);
  expect(whole[0]).not.toHaveProperty("of");
});
