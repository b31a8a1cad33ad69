import { type CellId, type CellKey, cellIn, type Observation } from "../drift/index.js";

/** One run's own value in one round: the mean over its probes. */
export type SeedValue = CellId &
  Pick<CellKey, "round" | "suite" | "metric"> & {
    run: string;
    seed: number;
    value: number;
  };

/** Every run's value of a metric, by suite and round, over all probes. */
export function seedValues(observations: readonly Observation[], metric: string): SeedValue[] {
  const sums = new Map<string, { first: Observation; sum: number; count: number }>();
  for (const one of observations) {
    if (one.metric !== metric || one.apart) continue;
    const key = `${one.run}\u0000${one.suite}\u0000${one.round}`;
    const sum = sums.get(key);
    if (sum) {
      sum.sum += one.value;
      sum.count += 1;
    } else sums.set(key, { first: one, sum: one.value, count: 1 });
  }
  return [...sums.values()].map(({ first, sum, count }) => {
    const { run, seed, round, suite } = first;
    return { run, seed, ...cellIn(first), round, suite, metric, value: sum / count };
  });
}
