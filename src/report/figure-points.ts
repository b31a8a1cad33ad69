import type { CellId, PooledRow } from "../drift/index.js";
import { type Catalogue, headline, leadingSuite } from "../evaluation/index.js";
import type { PopulationPoint } from "./figures/population.js";
import type { SatisfactionPoint } from "./figures/satisfaction.js";
import type { ReportRun } from "./source/read.js";

/** Runs that differ by biased fraction and seed alone. */
export type Line = Omit<CellId, "biased"> & { name: string; rows: PooledRow[]; runs: ReportRun[] };

/** How satisfied users were with the assistant that each round began with. */
export function satisfactionPoints({ rows, runs }: Line, catalogue: Catalogue): SatisfactionPoint[] {
  const suite = leadingSuite(rows);
  const honesty = headline(rows, catalogue).filter(
    (row) => row.suite === suite && catalogue.isHonesty(row.metric, suite),
  );
  const means = averaged(
    runs.flatMap((run) =>
      run.satisfaction.map(({ round, persona, mean }) => ({
        biased: biasOf(run),
        round: round - 1,
        persona,
        value: mean,
      })),
    ),
  );
  return means.flatMap(({ biased, round, persona, value }) => {
    const measured = honesty.find((row) => row.biased === biased && row.round === round);
    return measured ? [{ persona, biased, round, rating: value, honesty: measured.value }] : [];
  });
}

/** Who the users of each round were. */
export function populationPoints({ runs }: Line): PopulationPoint[] {
  return averaged(
    runs.flatMap((run) =>
      run.rounds.flatMap(({ round, users }) =>
        Object.entries(users).map(([persona, value]) => ({ biased: biasOf(run), round, persona, value })),
      ),
    ),
  ).map(({ value, ...point }) => ({ ...point, users: value }));
}

type Point = { biased: number; round: number; persona: string; value: number };

/** The mean over runs of each fraction, round and persona. */
function averaged(points: readonly Point[]): Point[] {
  const groups = new Map<string, { point: Point; sum: number; count: number }>();
  for (const point of points) {
    const key = JSON.stringify([point.biased, point.round, point.persona]);
    const group = groups.get(key) ?? { point, sum: 0, count: 0 };
    groups.set(key, { point: group.point, sum: group.sum + point.value, count: group.count + 1 });
  }
  return [...groups.values()].map(({ point, sum, count }) => ({ ...point, value: sum / count }));
}

function biasOf(run: ReportRun): number {
  return run.observations[0]?.biased ?? 0;
}
