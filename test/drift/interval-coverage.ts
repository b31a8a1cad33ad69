import { changeFromBase, pooled } from "../../src/drift/index.js";
import { experiments, type Spread, truth } from "./crossed.js";

// With 1,200 experiments the share that covers has a standard error of 0.6 points: a true 95 % lies within 93 to 97
// with near certainty, and neither 91 nor 99 % would pass.
const EXPERIMENTS = 1_200;
const DRAWS = 500;

type Range = { low: number; high: number };

/** In how many of 100 experiments the intervals of a value and of its change hold the truth. */
export function coverage(seeds: number, spread: Spread): { value: number; change: number } {
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
