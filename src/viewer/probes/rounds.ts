import { type IndexStore, type LineIndex, type SkimmedProbe, skimProbe } from "../../runs/index.js";
import { type FoundRun, readFound } from "../folder/index.js";

export type RoundProbes = { round: number; index: LineIndex<SkimmedProbe> };

/** The probes of every round, as far as they have been put. */
export async function readProbes(run: FoundRun, indices: IndexStore): Promise<RoundProbes[]> {
  const { manifest, disk } = await readFound(run);
  const found: RoundProbes[] = [];
  for (let round = 0; round <= manifest.scenario.rounds; round += 1) {
    const index = await disk.round(round).probes.index(indices, skimProbe);
    if (index) found.push({ round, index });
  }
  return found;
}
