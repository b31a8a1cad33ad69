import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import {
  type DriftRow,
  driftCsv,
  driftJson,
  estimateDrift,
  type Observation,
  observe,
} from "../drift/index.js";
import type { ProbeResult } from "../evaluation/index.js";
import { meanBiasedFraction, type Persona, type User } from "../population/index.js";
import { type PreferenceData, studiedShare } from "../preference/index.js";
import { type Scenario, scenarioHash } from "../scenario/index.js";
import { type RunPaths, runPaths } from "./folder.js";
import { readJsonl } from "./jsonl.js";

/** Estimates drift curves and writes them to `drift.csv` and `drift.json` of a folder. */
export async function writeDrift(folder: string, observations: readonly Observation[]): Promise<DriftRow[]> {
  const rows = estimateDrift(observations);
  await writeFileAtomic(join(folder, "drift.csv"), driftCsv(rows));
  await writeFileAtomic(join(folder, "drift.json"), driftJson(rows));
  return rows;
}

/** Every probe of every evaluated round of a run, as observations under the scenario's name or another. */
export async function readObservations(
  folder: string,
  {
    scenario,
    personas,
    name = scenario.name,
  }: { scenario: Scenario; personas: Readonly<Record<string, Persona>>; name?: string },
): Promise<Observation[]> {
  const paths = runPaths(folder);
  const facts = {
    run: scenarioHash(scenario),
    scenario: name,
    seed: scenario.seed,
    method: scenario.training.method,
    ...(await biasOf(scenario, personas, paths)),
  };
  const observations: Observation[] = [];
  for (let round = 0; round <= scenario.rounds; round += 1) {
    const results = await readJsonl<ProbeResult>(paths.round(round).probes);
    if (results) observations.push(...observe(facts, round, results));
  }
  return observations;
}

/** The fraction of biased users, or of the data rows that the experiment is about: as meant, and as it came. */
async function biasOf(
  scenario: Scenario,
  personas: Readonly<Record<string, Persona>>,
  paths: RunPaths,
): Promise<{ biased: number; biased_realized: number }> {
  const { source, population, rounds } = scenario;
  if (source === "interaction") {
    const biased = meanBiasedFraction(population.personas, personas, rounds);
    return { biased, biased_realized: await realizedBias(scenario, paths) };
  }
  const biased = studiedShare(source);
  if (biased === 0) return { biased, biased_realized: biased };
  let rows = 0;
  let studied = 0;
  for (let round = 1; round <= rounds; round += 1) {
    for (const row of (await readJsonl<PreferenceData["rows"][number]>(paths.round(round).preference)) ??
      []) {
      rows += 1;
      if (source.kind === "direct" ? !row.source.replayed : row.source.added) studied += 1;
    }
  }
  return { biased, biased_realized: rows === 0 ? 0 : studied / rows };
}

/** The fraction of all users of the run that did hold it. */
async function realizedBias({ rounds }: Scenario, paths: RunPaths): Promise<number> {
  let users = 0;
  let biased = 0;
  for (let round = 1; round <= rounds; round += 1) {
    const drawn = (await readJsonl<User>(paths.round(round).population)) ?? [];
    const population = drawn.filter(({ held_out }) => held_out !== true);
    users += population.length;
    biased += population.filter(({ thought }) => thought === "biased").length;
  }
  return users === 0 ? 0 : biased / users;
}
