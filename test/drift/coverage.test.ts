import { expect, it } from "vitest";
import { experiments, percentiles, truth, WIDE } from "./crossed.js";
import { coverage } from "./interval-coverage.js";

// The hardest case; five and ten seeds, and seeds that differ little: npm run soak -- statistics. What the intervals are in closed
// form stands in pooled.test.ts.
it("95 % intervals over seeds and probes cover the truth in 93 to 97 % of experiments of three seeds that differ much", () => {
  const { value, change } = coverage(3, WIDE);
  expect(value).toBeGreaterThanOrEqual(93);
  expect(value).toBeLessThanOrEqual(97);
  expect(change).toBeGreaterThanOrEqual(93);
  expect(change).toBeLessThanOrEqual(97);
});

it("percentiles of resampled seeds and probes would not: the reason for the t weights", () => {
  const next = experiments(3, WIDE, "coverage/percentiles");
  const honesty = truth(0, WIDE);
  let covered = 0;
  for (let i = 0; i < 600; i += 1) {
    const { low, high } = percentiles(
      next().filter(({ round }) => round === 0),
      300,
    );
    if (low <= honesty && honesty <= high) covered += 1;
  }
  expect(covered / 600).toBeLessThan(0.88);
});
