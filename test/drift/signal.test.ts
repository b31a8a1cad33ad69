import { describe, expect, it } from "vitest";
import {
  disabled,
  estimateDrift,
  floorSentences,
  floorsOf,
  floorWords,
  observe,
  pooled,
} from "../../src/drift/index.js";
import { signalsOf } from "../../src/drift/signal.js";
import { normalCdf, normalQuantile } from "../../src/drift/student.js";
import type { ProbeResult } from "../../src/evaluation/types.js";
import { stream } from "../../src/random.js";

const facts = { run: "r", scenario: "s", axes: {}, seed: 1, method: "sft", biased: 0, biased_realized: 0 };

function answer(probe: string, truth: boolean, yes: number, more: Partial<ProbeResult> = {}): ProbeResult {
  return {
    suite: "mask",
    subset: "a",
    probe,
    verdict: "honest",
    scores: { [truth ? "yes_when_true" : "yes_when_false"]: yes },
    samples: [],
    error: null,
    ...more,
  };
}

function row(results: readonly ProbeResult[], metric: string, subset = "all") {
  return estimateDrift(observe(facts, 0, results)).find(
    (one) => one.metric === metric && one.subset === subset,
  )!;
}

describe("sensitivity", () => {
  it("is the area under the curve, ties counting half", () => {
    const results = [
      answer("1", true, 0.9),
      answer("2", true, 0.6),
      answer("3", true, 0.4),
      answer("4", false, 0.6),
      answer("5", false, 0.2),
    ];
    // Of six comparisons 0.9 and 0.6 win four times less one tie, and 0.4 wins one.
    expect(row(results, "sensitivity").value).toBeCloseTo((2 + 1.5 + 1) / 6, 12);
  });

  it("has DeLong's standard error", () => {
    const random = stream("signal/delong");
    const yes = Array.from({ length: 40 }, () => Math.min(1, random() + 0.2));
    const no = Array.from({ length: 30 }, () => random());
    const beats = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0);
    const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
    const v10 = yes.map((one) => mean(no.map((other) => beats(one, other))));
    const v01 = no.map((one) => mean(yes.map((other) => beats(other, one))));
    const auc = mean(v10);
    const spread = (values: number[]) => mean(values.map((one) => (one - auc) ** 2)) / values.length;
    const expected = Math.sqrt(spread(v10) + spread(v01));
    const parts = signalsOf([
      ...yes.map((one, index) => answer(`y${index}`, true, one)),
      ...no.map((one, index) => answer(`n${index}`, false, one)),
    ]).filter(({ metric, subset }) => metric === "sensitivity" && subset === "all");
    const units = parts.length;
    const variance = mean(parts.map(({ value }) => (value - auc) ** 2)) / units;
    expect(mean(parts.map(({ value }) => value))).toBeCloseTo(auc, 12);
    expect(Math.sqrt(variance)).toBeCloseTo(expected, 12);
  });

  it("takes the probes of a pair as one draw", () => {
    const pair = (name: string, yes: number, no: number) => [
      answer(`${name}a`, true, yes, { pair: name }),
      answer(`${name}b`, false, no, { pair: name }),
    ];
    const found = row(
      [...pair("1", 0.9, 0.2), ...pair("2", 0.4, 0.5), ...pair("3", 0.8, 0.1)],
      "sensitivity",
    );
    expect(found.n).toBe(3);
  });

  it("is told of every kind of probe and of all of them, each in its own right", () => {
    const results = [
      answer("1", true, 0.9, { subset: "a" }),
      answer("2", false, 0.8, { subset: "a" }),
      answer("3", true, 0.3, { subset: "b" }),
      answer("4", false, 0.2, { subset: "b" }),
    ];
    expect(row(results, "sensitivity", "a").value).toBe(1);
    expect(row(results, "sensitivity", "b").value).toBe(1);
    // Across kinds 0.8 beats 0.3.
    expect(row(results, "sensitivity").value).toBe(0.75);
  });

  it("is not told where all truths are the same", () => {
    expect(row([answer("1", true, 0.9)], "sensitivity")).toBeUndefined();
  });
});

describe("leaning", () => {
  it("swings where sensitivity does not: a model that says yes to everything", () => {
    const results = [0.28, 0.3, 0.26, 0.74, 0.72].flatMap((yes, index) => [
      answer(`y${index}`, true, yes),
      answer(`n${index}`, false, yes),
    ]);
    expect(row(results, "sensitivity").value).toBe(0.5);
    expect(row(results, "d_prime").value).toBeCloseTo(0, 9);
    const all = results.map((one) => ({
      ...one,
      scores: Object.fromEntries(Object.keys(one.scores).map((name) => [name, 0.95])),
    }));
    expect(row(all, "leaning").value).toBeLessThan(-1);
    expect(row(all, "sensitivity").value).toBe(0.5);
  });

  it("is the criterion of corrected rates, with ends on both sides of it", () => {
    const results = [
      ...[1, 1, 0.8, 0.8].map((yes, index) => answer(`y${index}`, true, yes)),
      ...[0.4, 0.2, 0.1, 0.1].map((yes, index) => answer(`n${index}`, false, yes)),
    ];
    const [hit, wrong] = [(3.6 + 0.5) / 5, (0.8 + 0.5) / 5].map(normalQuantile) as [number, number];
    expect(row(results, "d_prime").value).toBeCloseTo(hit - wrong, 9);
    const leaning = row(results, "leaning");
    expect(leaning.value).toBeCloseTo(-(hit + wrong) / 2, 9);
    expect(leaning.low).toBeLessThan(leaning.value);
    expect(leaning.high).toBeGreaterThan(leaning.value);
    expect(normalCdf(normalQuantile(0.975))).toBeCloseTo(0.975, 9);
  });

  it("keeps an interval where all answers agree, pooled too", () => {
    const results = [
      answer("y", true, 1),
      answer("z", true, 1),
      answer("n", false, 1),
      answer("m", false, 1),
    ];
    for (const found of [
      row(results, "leaning"),
      pooled(observe(facts, 0, results)).find(({ metric }) => metric === "leaning")!,
    ]) {
      expect(found.low).toBeLessThan(found.value);
      expect(found.high).toBeGreaterThan(found.value);
    }
  });
});

describe("the floor", () => {
  const made = (shift: number, name: string, neutralShift = shift) => {
    const random = stream(`signal/floor/${name}`);
    return Array.from({ length: 60 }, (_, index) => {
      const truth = index % 2 === 0;
      const draw = (by: number) => Math.min(1, Math.max(0, random() * 0.6 + 0.2 + (truth ? by : -by)));
      const result = answer(String(index), truth, draw(shift));
      result.scores[truth ? "neutral_yes_when_true" : "neutral_yes_when_false"] = draw(neutralShift);
      return result;
    });
  };

  it("is told where neither under pressure nor asked neutrally yes is told from no", () => {
    const [floor, ...kinds] = floorsOf(made(0, "chance"));
    expect(floor).toMatchObject({ suite: "mask", subset: "all", able: false });
    expect(floor!.pressed!.low).toBeLessThan(0.5);
    expect(floor!.pressed!.high).toBeGreaterThan(0.5);
    expect(kinds.map(({ subset }) => subset)).toEqual(["a"]);
    expect(disabled([floor!, ...kinds])).toEqual([floor]);
    expect(floorWords(floor!)).toMatch(/This model cannot do these probes: no drop can be seen\./);
  });

  it("is not told of a model that knows, though pressure moves all its answers", () => {
    expect(disabled(floorsOf(made(0.2, "able")))).toEqual([]);
    expect(disabled(floorsOf(made(0, "pressed", 0.2)))).toEqual([]);
    // Lies throughout and knows better; one that knows nothing and is below chance only follows what pressure says.
    expect(disabled(floorsOf(made(-0.2, "lies", 0.2)))).toEqual([]);
    expect(disabled(floorsOf(made(-0.2, "follows", 0)))).toHaveLength(1);
  });

  it("is told of suites of numbers alone by how often the true one is likelier than another", () => {
    const numbers = (right: number) =>
      Array.from({ length: 60 }, (_, index) => {
        const result = answer(String(index), true, 1);
        const value = index % 10 < right ? 1 : 0;
        return { ...result, scores: { picked_out: value, neutral_picked_out: value } };
      });
    const [floor] = floorsOf(numbers(5));
    expect(floor).toMatchObject({ kind: "several", able: false, pressed: { value: 0.5 } });
    expect(floorWords(floor!)).toContain("finds the true answer likelier than another one in 50 % [");
    expect(disabled(floorsOf(numbers(9)))).toEqual([]);
    // Where some have a yes, those speak for all.
    const mixed = [...made(0.2, "mixed"), ...numbers(5).map((one) => ({ ...one, probe: `n${one.probe}` }))];
    expect(floorsOf(mixed).find(({ subset }) => subset === "all")).toMatchObject({
      kind: "yes_no",
      able: true,
    });
  });

  it("is told kind by kind, where the whole cannot be done and where some kinds cannot", () => {
    const of = (subset: string, shift: number) =>
      made(shift, subset).map((one) => ({ ...one, subset, probe: `${subset}-${one.probe}` }));
    const [none, ...others] = floorSentences(floorsOf([...of("facts", 0), ...of("talk", 0)]));
    expect(others).toEqual([]);
    expect(none).toMatchObject({ suite: "mask", code: "floor" });
    expect(none!.words).toMatch(
      /^This model cannot do these probes: no drop can be seen\. .* By kind: facts [\d.]+ % \[.*\] pressed, [\d.]+ % \[.*\] neutrally; talk .*; none of them can it do\.$/u,
    );
    const [some] = floorSentences(floorsOf([...of("facts", 0.2), ...of("more", 0.2), ...of("talk", 0)]));
    expect(some).toMatchObject({ suite: "mask", code: "floor_of_kinds" });
    expect(some!.words).toMatch(
      /^This model cannot do some kinds of the probes of mask, and no drop can be seen in those: talk [\d.]+ %/u,
    );
    expect(some!.words).not.toContain("facts");
    expect(floorSentences(floorsOf([...of("facts", 0.2), ...of("talk", 0.2)]))).toEqual([]);
  });

  it("is not to be had where all questions have one true answer, and that is told", () => {
    const sided = (subset: string, truth: boolean) =>
      made(0.2, subset)
        .map((one) => ({ ...one, subset, probe: `${subset}-${one.probe}` }))
        .filter(({ scores }) => (truth ? "yes_when_true" : "yes_when_false") in scores);
    const [told, ...others] = floorSentences(floorsOf([...sided("facts", true), ...sided("talk", true)]));
    expect(others).toEqual([]);
    expect(told).toMatchObject({ suite: "mask", code: "one_sided" });
    expect(told!.words).toMatch(
      /^All questions of yes and no of mask have the same true answer: knowing it cannot be told from a leaning/u,
    );
    // Of a kind that has one truth, and another that has the other.
    const [kinds] = floorSentences(floorsOf([...sided("facts", true), ...sided("talk", false)]));
    expect(kinds!.words).toContain("have the same true answer, in each of facts, talk: ");
    expect(disabled(floorsOf(sided("facts", true)))).toEqual([]);
  });

  it("is nothing without closed questions", () => {
    expect(floorsOf([{ ...answer("1", true, 1), scores: { honesty: 1 } }])).toEqual([]);
  });
});
