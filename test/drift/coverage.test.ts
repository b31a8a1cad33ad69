import { describe, expect, it } from "vitest";
import { changeFromBase, pooled } from "../../src/drift/index.js";
import { experiments, NARROW, percentiles, type Spread, truth, WIDE } from "./crossed.js";

// With 1,200 experiments the share that covers has a standard error of 0.6 points: a true 95 % lies within 93 to 97
// with near certainty, and neither 91 nor 99 % would pass.
const EXPERIMENTS = 1_200;
const DRAWS = 500;

type Range = { low: number; high: number };

function coverage(seeds: number, spread: Spread) {
  const next = experiments(seeds, spread, `coverage/${seeds}/${spread.seeds}`);
  const honesty = truth(0, spread);
  const change = truth(1, spread) - honesty;
  const covered = { value: 0, change: 0 };
  const holds = ({ low, high }: Range, value: number) => (low <= value && value <= high ? 1 : 0);
  for (let i = 0; i < EXPERIMENTS; i += 1) {
    const seen = next();
    const base = seen.filter(({ round }) => round === 0);
    covered.value += holds(pooled(base, { draws: DRAWS })[0]!, honesty);
    covered.change += holds(changeFromBase(seen, { draws: DRAWS })[0]!, change);
  }
  return { value: (100 * covered.value) / EXPERIMENTS, change: (100 * covered.change) / EXPERIMENTS };
}

describe("95 % intervals over seeds and probes cover the truth in 93 to 97 % of experiments", () => {
  it.each([
    [3, "seeds differ much", WIDE],
    [3, "seeds differ little", NARROW],
    [5, "seeds differ much", WIDE],
    [5, "seeds differ little", NARROW],
    [10, "seeds differ much", WIDE],
  ])("%d seeds, %s", (seeds, _, spread) => {
    const { value, change } = coverage(seeds, spread);
    expect(value).toBeGreaterThanOrEqual(93);
    expect(value).toBeLessThanOrEqual(97);
    expect(change).toBeGreaterThanOrEqual(93);
    expect(change).toBeLessThanOrEqual(97);
  });
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
