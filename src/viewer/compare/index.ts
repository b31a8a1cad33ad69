import { type Figure, metricName } from "../../report/index.js";
import type { IndexStore } from "../../runs/index.js";
import type { Comparison } from "../api.js";
import type { FoundRun } from "../folder/index.js";
import { readProbes } from "../probes/index.js";
import type { Work } from "../work/index.js";
import { type CompareOptions, compareRuns } from "./compare.js";
import { type DrawnFigures, fileOf, keep } from "./drawn.js";
import { comparedFigure } from "./figure.js";

export { openDrawn } from "./drawn.js";
export { openLosses } from "./losses.js";

export type Comparer = {
  compare: (runs: readonly FoundRun[], options: CompareOptions) => Promise<Comparison>;
};

/** A comparison with its figures by name. */
type Drawn = { comparison: Comparison; files: ReadonlyMap<string, string> };

/** Compares runs, and remembers what was compared last for as long as the runs have not gained anything. */
export function openComparer(indices: IndexStore, work: Pick<Work, "pool">, figures: DrawnFigures): Comparer {
  const known = new Map<string, Promise<Drawn>>();

  const make = async (runs: readonly FoundRun[], options: CompareOptions): Promise<Drawn> => {
    const { pooled, runs: values, rounds, ...compared } = await compareRuns(runs, options, indices, work);
    if (pooled.length === 0)
      return { comparison: { ...compared, description: "", figure: "", narrow: "" }, files: new Map() };
    const shown = { metric: metricName(compared.metric), suite: compared.suite, rounds };
    const draw = (narrow: boolean) => comparedFigure(pooled, values, shown, narrow);
    const files = new Map<string, string>();
    const add = async (figure: Figure): Promise<string> => {
      const { name, svg, place } = await fileOf(figure);
      files.set(name, svg);
      return place;
    };
    const wide = draw(false);
    const { description } = wide;
    return {
      comparison: { ...compared, description, figure: await add(wide), narrow: await add(draw(true)) },
      files,
    };
  };

  return {
    compare: async (runs, options) => {
      const state = await Promise.all(
        runs.map(async (run) => {
          const rounds = await readProbes(run, indices);
          return [run.folder, rounds.map(({ round, index }) => [round, index.items.length])];
        }),
      );
      const key = JSON.stringify([state, options]);
      const drawing = known.get(key) ?? make(runs, options);
      keep(known, key, drawing);
      drawing.catch(() => known.delete(key));
      const { comparison, files } = await drawing;
      for (const [name, svg] of files) figures.keep(name, svg);
      return comparison;
    },
  };
}
