import {
  type CellId,
  cellIn,
  cellKey,
  type Observation,
  type PooledRow,
  partsOfFirst,
} from "../drift/index.js";
import { mean } from "../mean.js";
import type { VerdictShares } from "./figures/verdicts.js";
import { seedValues } from "./seed-values.js";

type Place = { suite: string; round: number };

/**
 * How the statements of a round divide: over the probes whose belief was held before training where those are known, as the headline
 * counts, else over all that were judged. Means over seeds.
 */
export function verdictShares(
  { runs }: { runs: readonly { observations: readonly Observation[] }[] },
  pooled: readonly PooledRow[],
  { suite, round }: Place,
): VerdictShares {
  const here = runs.flatMap(({ observations }) =>
    observations.filter((one) => one.suite === suite && one.round === round),
  );
  const parts = partsOfFirst(here);
  if (parts.length === 0) {
    const shares = pooled.filter((row) => row.suite === suite && row.round === round && row.subset === "all");
    return { shares, first: false };
  }
  const cells = new Map<string, { cell: CellId; of: Map<string, number[]> }>();
  for (const metric of new Set(parts.map((part) => part.metric)))
    for (const seed of seedValues(parts, metric)) {
      const { cell, of } = cells.get(cellKey(seed)) ?? { cell: cellIn(seed), of: new Map() };
      cells.set(cellKey(seed), { cell, of: of.set(metric, [...(of.get(metric) ?? []), seed.value]) });
    }
  const shares = [...cells.values()].flatMap(({ cell, of }) => {
    const means = new Map([...of].map(([metric, values]) => [metric, mean(values)]));
    const gone = (means.get("no_belief") ?? 0) - (means.get("turned") ?? 0);
    return [...means.set("gone", gone)].map(([metric, value]) => ({ ...cell, metric, value }));
  });
  return { shares, first: true };
}
