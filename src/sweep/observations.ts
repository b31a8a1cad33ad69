import type { Observation } from "../drift/index.js";
import { loadOnce, loadPersonas } from "../resources/index.js";
import { readObservations } from "../runs/index.js";
import { cellName } from "./name.js";
import type { Job } from "./types.js";

/** The observations of the finished runs, in the order of the grid. */
export async function readAll(finished: readonly Job[]): Promise<Observation[]> {
  const all: Observation[] = [];
  const load = loadOnce();
  for (const { folder, scenario, scenarioPath, axes } of finished) {
    const names = Object.keys(scenario.population.personas);
    const personas = (await load(loadPersonas, names, scenarioPath)).value;
    const name = cellName(scenario.name, axes);
    for (const seen of await readObservations(folder, { scenario, personas, name })) all.push(seen);
  }
  return all;
}
