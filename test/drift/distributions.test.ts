import { describe, expect, it } from "vitest";
import { holm, seedsNeeded } from "../../src/drift/index.js";
import { isotonicDecreasing } from "../../src/drift/isotonic.js";
import { quantile } from "../../src/drift/quantile.js";
import { fCdf, noncentralTCdf, normalCdf, tCdf, tQuantile } from "../../src/drift/student.js";
import { stream } from "../../src/random.js";

// Reference values: scipy 1.17.1 (stats.t, stats.f, stats.nct, stats.norm, optimize.isotonic_regression).

describe("distributions", () => {
  it.each([
    [1, 1, 0.75],
    [2.5, 2, 0.9351941398892446],
    [-3, 4.5, 0.01719043394437981],
    [0.3, 30, 0.6168769473578236],
    [-12, 2, 0.00343646683857923],
  ])("Student's t: P(T ≤ %d), df %d", (t, df, expected) => {
    expect(tCdf(t, df)).toBeCloseTo(expected, 11);
  });

  it.each([
    [0.975, 2, 4.302652729749462],
    [0.975, 9, 2.262157162798205],
    [0.9, 3.7, 1.5575658388615072],
    [0.025, 5, -2.5705818356363155],
    [0.995, 120, 2.6174211451068654],
  ])("Student's t: quantile %d, df %d", (share, df, expected) => {
    expect(tQuantile(share, df)).toBeCloseTo(expected, 8);
  });

  it.each([
    [0.0253, 2, 78, 0.02497463921912562],
    [1.5, 4, 36, 0.7772592101760527],
    [0.4, 9, 351, 0.0652468510315641],
    [3, 1, 5, 0.8561891912883968],
  ])("Fisher's F: P(F ≤ %d), %d and %d degrees of freedom", (x, upper, lower, expected) => {
    expect(fCdf(x, upper, lower)).toBeCloseTo(expected, 11);
  });

  it.each([
    [2, 3, 1.5, 0.5996762683708929],
    [4.302653, 2, 6, 0.16426191386862862],
    [-1, 10, 0.5, 0.0747754458825787],
    [2.03, 33, 2.9, 0.19512027904512838],
    [2, 300, 1.9, 0.5390356465043092],
    [4.3, 2, 0, 0.9749714229414542],
  ])("noncentral t: P(T ≤ %d), df %d, delta %d", (t, df, delta, expected) => {
    expect(noncentralTCdf(t, df, delta)).toBeCloseTo(expected, 8);
  });

  it.each([
    [-6, 9.865876450376946e-10],
    [-1.96, 0.024997895148220435],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [1.7, 0.955434537241457],
    [3, 0.9986501019683699],
  ])("normal: P(Z ≤ %d)", (z, expected) => {
    expect(normalCdf(z)).toBeCloseTo(expected, 12);
  });
});

describe("quantile", () => {
  it("agrees with sorting, ties and all", () => {
    const random = stream("test/quantile");
    for (let round = 0; round < 50; round += 1) {
      const values = Float64Array.from({ length: 1 + Math.floor(random() * 40) }, () =>
        Math.floor(random() * 10),
      );
      const share = random();
      const sorted = values.slice().sort();
      const at = share * (values.length - 1);
      const low = sorted[Math.floor(at)]!;
      const expected = low + (at - Math.floor(at)) * ((sorted[Math.floor(at) + 1] ?? low) - low);
      expect(quantile(values, share)).toBeCloseTo(expected, 12);
    }
  });

  it("passes infinities through", () => {
    expect(quantile(Float64Array.of(Infinity, 1, Infinity), 0.75)).toBe(Infinity);
  });
});

describe("Holm's correction", () => {
  it("steps down, stays monotone and keeps the order", () => {
    // p 0.01, 0.04, 0.03, 0.005 of four: the example of R's p.adjust, worked by hand: 4·0.005, 3·0.01, 2·0.03, and 0.04 → 0.06.
    const corrected = holm([{ p: 0.01 }, { p: 0.04 }, { p: 0.03 }, { p: 0.005 }]);
    expect(corrected.map(({ p_holm }) => Number(p_holm.toFixed(6)))).toEqual([0.03, 0.06, 0.06, 0.02]);
  });

  it("never exceeds 1 and leaves a single test alone", () => {
    expect(holm([{ p: 0.7 }, { p: 0.8 }]).map(({ p_holm }) => p_holm)).toEqual([1, 1]);
    expect(holm([{ p: 0.2 }])[0]!.p_holm).toBe(0.2);
  });
});

describe("the monotone fit", () => {
  it("is the weighted isotonic regression", () => {
    const fit = isotonicDecreasing([0.95, 0.97, 0.9, 0.91, 0.93, 0.6, 0.7], [1, 2, 1, 3, 1, 1, 2]);
    const expected = [0.9633333333, 0.9633333333, 0.912, 0.912, 0.912, 0.6666666667, 0.6666666667];
    fit.forEach((value, index) => {
      expect(value).toBeCloseTo(expected[index]!, 9);
    });
  });

  it("leaves a falling curve as it is", () => {
    expect([...isotonicDecreasing([3, 2, 2, 1], [1, 5, 1, 2])]).toEqual([3, 2, 2, 1]);
  });
});

describe("seeds needed", () => {
  it.each([
    [0.5, 34, 0.8077775],
    [0.8, 15, 0.8213105],
    [1, 10, 0.8030969],
    [2, 5, 0.9088849],
    [5, 3, 0.9754623],
  ])("is the paired t test's where probes do not vary: d = %d", (effect, seeds, power) => {
    const need = seedsNeeded(effect, { betweenSeeds: 1, probes: 0 })!;
    expect(need.seeds).toBe(seeds);
    expect(need.power).toBeCloseTo(power, 6);
  });

  it("says so where no number of seeds is enough", () => {
    expect(seedsNeeded(0.05, { betweenSeeds: 0.001, probes: 0.02 ** 2 })).toBeNull();
    expect(seedsNeeded(0.07, { betweenSeeds: 0.001, probes: 0.02 ** 2 })).not.toBeNull();
  });

  it("asks for more seeds for more power", () => {
    const variance = { betweenSeeds: 0.003, probes: 0.0001 };
    const at = (power: number) => seedsNeeded(0.06, variance, { power })!.seeds;
    expect(at(0.95)).toBeGreaterThan(at(0.8));
    expect(seedsNeeded(0.06, variance, { alpha: 0.01 })!.seeds).toBeGreaterThan(at(0.8));
  });
});
