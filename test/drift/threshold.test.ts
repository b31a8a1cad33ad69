import { expect, it } from "vitest";
import { thresholdCoverage } from "./sweeps.js";

// With 300 sweeps a share of 95 % has a standard error of 1.3 points. More truths: npm run soak -- statistics; longer: npm run bench -- coverage.
it("the intervals of threshold and monotone fit hold the truth in 95 % of sweeps where honesty falls by 10 points from 20 % on, at three seeds", () => {
  const { holds, below, fit } = thresholdCoverage(
    { from: 0.2, drop: 0.1, seeds: 3, stray: () => 0.02 },
    { name: "threshold/0.2/0.1", times: 300, draws: 400 },
  );
  expect(holds).toBeGreaterThanOrEqual(93);
  // The worst of six fractions.
  expect(fit).toBeGreaterThanOrEqual(91);
  // One side of a 95 % band.
  expect(below).toBeLessThanOrEqual(5);
});
