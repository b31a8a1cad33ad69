import type { Suite } from "../evaluation/index.js";
import type { Permissions } from "../permissions/index.js";
import type { Scenario } from "../scenario/index.js";
import { suitesOf } from "./asked-suites.js";
import { loadSuite } from "./probes.js";

/** The suites of a scenario with a few probes of each subset: enough to see whether a model understands what it is asked. */
export async function fewProbesOf(
  scenario: Scenario,
  origin: { scenarioPath: string; permissions: Permissions },
  probes: number,
): Promise<Suite[]> {
  const suites: Suite[] = [];
  for (const ask of suitesOf(scenario, origin)) {
    const { request } = await ask();
    const settings = { ...request.settings, probes: Math.min(probes, request.settings.probes ?? probes) };
    suites.push((await loadSuite({ ...request, settings }, origin.permissions)).value);
  }
  return suites;
}
