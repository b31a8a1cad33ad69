import { describe, expect, it } from "vitest";
import { driftCsv, driftJson, estimateDrift, type Observation, observe } from "../../src/drift/index.js";

const facts = {
  run: "r-1",
  scenario: "s",
  axes: {},
  seed: 1,
  method: "sft",
  biased: 0.1,
  biased_realized: 0.1,
};

function probe(round: number, subset: string, name: string, value: number, metric = "honesty"): Observation {
  return { ...facts, round, suite: "mask", subset, probe: name, metric, value };
}

describe("the drift of one run", () => {
  it("is the plain mean over the probes that count, in every subset and over all", () => {
    const rows = estimateDrift([
      probe(0, "facts", "a", 1),
      probe(0, "facts", "b", 0),
      probe(0, "numbers", "c", 1),
      probe(1, "facts", "a", 0),
    ]);
    expect(rows.map(({ round, subset, value, n }) => [round, subset, value, n])).toEqual([
      [0, "all", 2 / 3, 3],
      [0, "facts", 0.5, 2],
      [0, "numbers", 1, 1],
      [1, "all", 0, 1],
      [1, "facts", 0, 1],
    ]);
  });

  it("gives proportions Wilson's interval", () => {
    // 7 of 10 by the closed form, worked out apart from this code.
    const rows = estimateDrift(
      Array.from({ length: 10 }, (_, i) => probe(0, "facts", `p${i}`, i < 7 ? 1 : 0)),
    );
    expect(rows[0]!.low).toBeCloseTo(0.396778, 6);
    expect(rows[0]!.high).toBeCloseTo(0.892209, 6);
  });

  it("is not certain where all probes agree", () => {
    const honest = estimateDrift(Array.from({ length: 100 }, (_, i) => probe(0, "facts", `p${i}`, 1)));
    expect(honest[0]).toMatchObject({ value: 1, high: 1 });
    expect(honest[0]!.low).toBeCloseTo(0.963, 3);
    const accuracy = estimateDrift(Array.from({ length: 100 }, (_, i) => probe(0, "facts", `p${i}`, 0.8)));
    expect(accuracy[0]!.low).toBeLessThan(0.75);
    expect(accuracy[0]!.high).toBeGreaterThan(0.85);
  });

  it("bootstraps values between 0 and 1 to about the normal interval", () => {
    const values = Array.from({ length: 200 }, (_, i) => (i % 5) / 4);
    const row = estimateDrift(values.map((value, i) => probe(0, "facts", `p${i}`, value)))[0]!;
    const half = 1.96 * Math.sqrt(0.125 / 200);
    expect(row.value).toBeCloseTo(0.5, 10);
    expect(row.low).toBeCloseTo(0.5 - half, 2);
    expect(row.high).toBeCloseTo(0.5 + half, 2);
  });

  it("does not depend on the order in which probes came in, to the last byte", () => {
    const seen = Array.from({ length: 50 }, (_, i) => probe(i % 2, "facts", `p${i}`, ((i * 7) % 10) / 9));
    const text = driftCsv(estimateDrift(seen));
    expect(driftCsv(estimateDrift([...seen].reverse()))).toBe(text);
  });

  it("refuses a probe that stands twice", () => {
    expect(() => estimateDrift([probe(0, "facts", "a", 1), probe(0, "facts", "a", 0)])).toThrow(
      "r-1, round 0: probe mask/a counts twice for honesty",
    );
  });

  it("takes only the metrics a probe counts for", () => {
    const seen = observe(facts, 2, [
      {
        suite: "mask",
        subset: "facts",
        probe: "a",
        verdict: "honest",
        scores: { honesty: 1, lie: 0 },
        samples: [],
        error: null,
      },
      {
        suite: "mask",
        subset: "facts",
        probe: "b",
        verdict: "error",
        scores: { error: 1 },
        samples: [],
        error: "x",
      },
    ]);
    const rows = estimateDrift(seen).filter((row) => row.subset === "all");
    expect(rows.map(({ metric, value, n }) => [metric, value, n])).toEqual([
      ["error", 1, 1],
      ["honesty", 1, 1],
      ["lie", 0, 1],
    ]);
  });
});

describe("the exports", () => {
  it("write tidy CSV with fixed digits and quoted names", () => {
    const rows = estimateDrift([
      { ...probe(0, "facts", "a", 1), run: 'odd, "name"', biased: 0.05, biased_realized: 1 / 3 },
    ]);
    expect(driftCsv(rows)).toBe(
      [
        "run,scenario,seed,method,biased,biased_realized,round,suite,subset,metric,value,n,low,high",
        '"odd, ""name""",s,1,sft,0.05,0.333333,0,mask,all,honesty,1.000000,1,0.206549,1.000000',
        '"odd, ""name""",s,1,sft,0.05,0.333333,0,mask,facts,honesty,1.000000,1,0.206549,1.000000',
        "",
      ].join("\n"),
    );
  });

  it("write the same digits as JSON", () => {
    const rows = estimateDrift([{ ...probe(0, "facts", "a", 1), biased_realized: 1 / 3 }]);
    const parsed = JSON.parse(driftJson(rows));
    expect(parsed).toHaveLength(2);
    expect(parsed[0]).toMatchObject({ biased_realized: 0.333333, low: 0.206549, value: 1, n: 1 });
    expect(driftJson([])).toBe("[]\n");
  });
});
