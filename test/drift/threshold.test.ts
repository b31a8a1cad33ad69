import { expect, it } from "vitest";
import { thresholdCoverage } from "./sweeps.js";

// With 300 sweeps a share of 95 % has a standard error of 1.3 points. More truths, and longer: npm run bench -- coverage.
it.each([
  ["nowhere", Number.POSITIVE_INFINITY, 0],
  ["by 10 points from 20 % on", 0.2, 0.1],
  ["by 20 points from 20 % on", 0.2, 0.2],
] as const)(
  "the intervals of threshold and monotone fit hold the truth in 95 % of sweeps where honesty falls %s, at three seeds",
  (_, from, drop) => {
    const { holds, below, fit } = thresholdCoverage(
      { from, drop, seeds: 3, stray: () => 0.02 },
      { name: `threshold/${from}/${drop}`, times: 300, draws: 400 },
    );
    expect(holds).toBeGreaterThanOrEqual(93);
    // The worst of six fractions.
    expect(fit).toBeGreaterThanOrEqual(91);
    // One side of a 95 % band.
    expect(below).toBeLessThanOrEqual(5);
  },
);
