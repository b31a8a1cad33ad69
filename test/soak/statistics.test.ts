import { expect, it } from "vitest";
import { NARROW, WIDE } from "../drift/crossed.js";
import { coverage } from "../drift/interval-coverage.js";
import { thresholdCoverage } from "../drift/sweeps.js";

// npm run soak -- statistics. The hardest of these cases are in npm test: test/drift/coverage.test.ts and threshold.test.ts.
const LIMIT = 600_000;

it.each([
  [3, "differ little", NARROW],
  [5, "differ much", WIDE],
  [5, "differ little", NARROW],
  [10, "differ much", WIDE],
] as const)(
  "95 %% intervals cover the truth in 93 to 97 %% of experiments of %d seeds that %s",
  (seeds, _, spread) => {
    const covered = coverage(seeds, spread);
    console.log(`${seeds} seeds, spread ${spread.seeds}: ${JSON.stringify(covered)}`);
    for (const share of Object.values(covered)) {
      expect(share).toBeGreaterThanOrEqual(93);
      expect(share).toBeLessThanOrEqual(97);
    }
  },
  LIMIT,
);

it.each([
  ["nowhere", Number.POSITIVE_INFINITY, 0],
  ["by 20 points from 20 % on", 0.2, 0.2],
] as const)(
  "the intervals of threshold and monotone fit hold the truth in 95 %% of sweeps where honesty falls %s",
  (_, from, drop) => {
    const { holds, below, fit } = thresholdCoverage(
      { from, drop, seeds: 3, stray: () => 0.02 },
      { name: `threshold/${from}/${drop}`, times: 300, draws: 400 },
    );
    expect(holds).toBeGreaterThanOrEqual(93);
    expect(fit).toBeGreaterThanOrEqual(91);
    expect(below).toBeLessThanOrEqual(5);
  },
  LIMIT,
);
