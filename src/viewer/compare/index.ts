import { createHash } from "node:crypto";
import { type Figure, metricName } from "../../report/index.js";
import type { IndexStore } from "../../runs/index.js";
import type { Comparison } from "../api.js";
import type { FoundRun } from "../folder/index.js";
import { readProbes } from "../probes/index.js";
import type { Work } from "../work/index.js";
import { type CompareOptions, compareRuns } from "./compare.js";
import { comparedFigure, themedFile } from "./figure.js";

const KEPT = 128;

export type Comparer = {
  compare: (runs: readonly FoundRun[], options: CompareOptions) => Promise<Comparison>;
  /** The SVG file of a comparison by its name; undefined where it is no longer kept. */
  figure: (name: string) => string | undefined;
};

/** A comparison with its figures by name. */
type Drawn = { comparison: Comparison; files: ReadonlyMap<string, string> };

/** Compares runs, and remembers what was compared last for as long as the runs have not gained anything. */
export function openComparer(indices: IndexStore, work: Pick<Work, "pool">): Comparer {
  const figures = new Map<string, string>();
  const known = new Map<string, Promise<Drawn>>();

  const make = async (runs: readonly FoundRun[], options: CompareOptions): Promise<Drawn> => {
    const { pooled, runs: values, rounds, ...compared } = await compareRuns(runs, options, indices, work);
    if (pooled.length === 0)
      return { comparison: { ...compared, description: "", figure: "", narrow: "" }, files: new Map() };
    const shown = { metric: metricName(compared.metric), suite: compared.suite, rounds };
    const draw = (narrow: boolean) => comparedFigure(pooled, values, shown, narrow);
    const files = new Map<string, string>();
    const add = async (figure: Figure): Promise<string> => {
      const svg = await themedFile(figure);
      const name = createHash("sha256").update(svg).digest("hex").slice(0, 16);
      files.set(name, svg);
      return `/api/figure/${name}.svg`;
    };
    const wide = draw(false);
    const { description } = wide;
    return {
      comparison: { ...compared, description, figure: await add(wide), narrow: await add(draw(true)) },
      files,
    };
  };

  return {
    figure: (name) => figures.get(name),
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
      for (const [name, svg] of files) keep(figures, name, svg);
      return comparison;
    },
  };
}

function keep<T>(kept: Map<string, T>, key: string, value: T): void {
  kept.delete(key);
  kept.set(key, value);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
}
