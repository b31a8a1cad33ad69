import type { Observation } from "../drift/index.js";
import { loadPersonas } from "../population/index.js";
import { readObservations } from "../runs/index.js";
import { cellName } from "./name.js";
import type { Job } from "./types.js";

/** The observations of the finished runs, in the order of the grid. */
export async function readAll(finished: readonly Job[]): Promise<Observation[]> {
  const all: Observation[] = [];
  for (const { folder, scenario, scenarioPath, axes } of finished) {
    const personas = loadPersonas(Object.keys(scenario.population.personas), scenarioPath);
    const name = cellName(scenario.name, axes);
    for (const seen of await readObservations(folder, { scenario, personas, name })) all.push(seen);
  }
  return all;
}
