import type { Observation } from "../drift/index.js";
import { readManifest, readObservations, runPaths } from "../runs/index.js";
import type { Job } from "./types.js";

/** The observations of the finished runs, in the order of the grid. */
export async function readAll(finished: readonly Job[]): Promise<Observation[]> {
  const all: Observation[] = [];
  for (const { folder, scenario, axes } of finished) {
    const manifest = await readManifest(runPaths(folder));
    if (!manifest) throw new Error(`${folder} has lost its run.json`);
    for (const seen of await readObservations(folder, { scenario, biased: manifest.biased, axes }))
      all.push(seen);
  }
  return all;
}
