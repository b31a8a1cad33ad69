import { createHash } from "node:crypto";
import type { Comparison } from "../api.js";
import type { FoundRun } from "../folder/index.js";
import type { IndexStore } from "../lines/index.js";
import { type CompareOptions, compareRuns } from "./compare.js";
import { comparedFigure, themedFile } from "./figure.js";

const KEPT = 64;

export type Comparer = {
  compare: (runs: readonly FoundRun[], options: CompareOptions) => Promise<Comparison>;
  /** The SVG file of a comparison by its name; undefined where it is no longer kept. */
  figure: (name: string) => string | undefined;
};

/** Compares runs and keeps the figures it has drawn last. */
export function openComparer(indices: IndexStore): Comparer {
  const figures = new Map<string, string>();
  const keep = (svg: string): string => {
    const name = createHash("sha256").update(svg).digest("hex").slice(0, 16);
    figures.set(name, svg);
    for (const oldest of figures.keys()) {
      if (figures.size <= KEPT) break;
      figures.delete(oldest);
    }
    return `/api/figure/${name}.svg`;
  };
  return {
    figure: (name) => figures.get(name),
    compare: async (runs, options) => {
      const { pooled, ...compared } = await compareRuns(runs, options, indices);
      if (pooled.length === 0) return { ...compared, description: "", figure: "" };
      const figure = comparedFigure(pooled, compared);
      return { ...compared, description: figure.description, figure: keep(await themedFile(figure)) };
    },
  };
}
