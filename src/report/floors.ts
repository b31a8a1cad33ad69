import {
  type CellId,
  cellIn,
  cellKey,
  FLOOR_METRICS,
  type Floor,
  floorsIn,
  gridOf,
  pooled,
} from "../drift/index.js";
import { modelName } from "../models/index.js";
import { type Caveat, floorCaveats, logCaveats, strangeCaveats, voiceCaveats } from "../runs/index.js";
import { minnowOfSeed } from "../scenario/index.js";
import type { ReportRun, ReportSource } from "./source/read.js";

type Start = { assistant: string; cells: Map<string, CellId> };

/** What the untrained models cannot do, over all seeds: of each that the runs start from, as a sweep's cases may name several. */
export function floorsOfSource({ runs }: Pick<ReportSource, "runs">): Floor[] {
  const base = runs
    .flatMap(({ observations }) => observations)
    .filter(({ round, metric }) => round === 0 && FLOOR_METRICS.includes(metric));
  const rows = pooled(base);
  const starts = startsOf(runs);
  if (starts.length < 2) return floorsIn(rows);
  return starts.flatMap((start) => {
    const own = rows.filter((row) => start.cells.has(cellKey(row)));
    const cells = [...start.cells.values()];
    return floorsIn(own).map((floor) => ({ ...floor, of: nameOf(start, starts), cells }));
  });
}

/** What runs start from: cells that ask one model the same have one start. */
function startsOf(runs: readonly ReportRun[]): Start[] {
  const starts = new Map<string, Start>();
  for (const { manifest, observations } of runs) {
    const seen = observations[0];
    if (!seen) continue;
    const { models, evaluation, seed } = manifest.scenario;
    const name = modelName(models.assistant);
    // Seeds that pick a minnow each are one start.
    const assistant = name === minnowOfSeed(seed) ? "minnow" : name;
    const key = JSON.stringify([assistant, evaluation]);
    const start = starts.get(key) ?? { assistant, cells: new Map() };
    start.cells.set(cellKey(seen), cellIn(seen));
    starts.set(key, start);
  }
  return [...starts.values()];
}

/** The model, or where several starts have one, what tells their cells apart. */
function nameOf(start: Start, starts: readonly Start[]): string {
  if (starts.filter(({ assistant }) => assistant === start.assistant).length === 1) return start.assistant;
  const grid = gridOf(starts.flatMap(({ cells }) => [...cells.values()]));
  const names = [...start.cells.values()].map((cell) => grid.name(cell));
  return [...new Set(names)].join(", ");
}

/** What must be said of the instrument of all runs, each thing once. */
export function caveatsOfSource(
  { runs }: Pick<ReportSource, "runs">,
  floors: readonly Floor[] = floorsOfSource({ runs }),
): Caveat[] {
  const voices = runs.flatMap(({ manifest: { scenario }, rounds }) =>
    voiceCaveats({ scenario, base: rounds[0] }),
  );
  // What runs of a sweep learn differs by case and seed: a sentence for each would bury what came out.
  const logs = runs.flatMap(({ rounds }) =>
    logCaveats(rounds[0]).filter(({ code }) => code === "read" || runs.length === 1),
  );
  const strange = runs.flatMap(({ rounds }) => strangeCaveats(rounds[0]));
  const once = new Map([...strange, ...logs, ...voices].map((caveat) => [caveat.words, caveat]));
  return [...once.values(), ...floorCaveats(floors)];
}
