import type { Job } from "./types.js";

/** The scenario's name with its case and the axes that no column of `drift.csv` shows, e.g. `default training.learning_rate=0.01`. */
export function cellName(name: string, axes: Job["axes"]): string {
  const shown = Object.entries(axes).filter(
    ([path]) => !["training.method", "population.personas.biased", "source.share"].includes(path),
  );
  return [name, ...shown.map(([path, value]) => (path === "case" ? value : `${path}=${value}`))].join(" ");
}
