import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { correlation, ranksOf } from "../../src/disposition/correlate.js";
import { fitLogistic, predict } from "../../src/disposition/logistic.js";
import { rankingParts } from "../../src/drift/signal.js";

// Values from scikit-learn: test/reference/make_probe_fixtures.py.
type Case = {
  states: number[][];
  targets: number[];
  strength: number;
  weights: number[];
  bias: number;
  scores: number[];
  area: number | null;
};
const cases = JSON.parse(
  readFileSync(new URL("./fixtures/probe/cases.json", import.meta.url), "utf8"),
) as Case[];
const areaOf = (scores: readonly number[], positive: readonly number[]): number[] =>
  rankingParts(scores.map((score, i) => ({ unit: String(i), score, positive: positive[i]! }))).map(
    ({ value }) => value,
  );
const mean = (list: readonly number[]): number => list.reduce((sum, one) => sum + one, 0) / list.length;

describe.each(cases.map((one, index) => [index, one] as const))(
  "case %i of scikit-learn's",
  (_index, one) => {
    it("has the same weights and bias", () => {
      const probe = fitLogistic(one.states, one.targets, one.strength);
      const largest = Math.max(...one.weights.map(Math.abs));
      for (const [i, weight] of one.weights.entries())
        expect(Math.abs(probe.weights[i]! - weight) / largest).toBeLessThan(2e-4);
      expect(Math.abs(probe.bias - one.bias) / largest).toBeLessThan(2e-4);
      // Nothing near it is better.
      expect(predict(probe, one.states[0]!)).toBeGreaterThan(0);
    });

    it("has the same area under the curve, ties counted half", () => {
      if (one.area === null) return;
      expect(mean(areaOf(one.scores, one.targets))).toBeCloseTo(one.area, 12);
    });
  },
);

describe("the area under the curve of probabilities", () => {
  it("is the chance that of two drawn occasions the lie stands higher", () => {
    const [scores, lies] = [
      [1, 2, 2, 5],
      [0.1, 0.4, 0.7, 0.5],
    ];
    let [above, pairs] = [0, 0];
    for (const [i, one] of scores!.entries())
      for (const [j, other] of scores!.entries()) {
        if (i === j) continue;
        const weight = lies![i]! * (1 - lies![j]!);
        above += weight * (one > other ? 1 : one === other ? 0.5 : 0);
        pairs += weight;
      }
    expect(mean(areaOf(scores!, lies!))).toBeCloseTo(above / pairs, 12);
  });

  it("is none where nobody lies, or everybody does", () => {
    expect(areaOf([1, 2], [0, 0])).toEqual([]);
    expect(areaOf([1, 2], [1, 1])).toEqual([]);
  });
});

it("fits nothing where there is nothing to tell apart", () => {
  expect(() => fitLogistic([[1], [2]], [0.3, 0.3])).toThrow("two kinds");
});

it("correlates values and ranks", () => {
  expect(correlation([1, 2, 3], [2, 4, 6.5])).toBeCloseTo(0.99795, 5);
  expect(ranksOf([5, 1, 5, 9])).toEqual([2.5, 1, 2.5, 4]);
  expect(correlation([1, 1], [2, 3])).toBeNaN();
});
