import { feltRating } from "../interaction/index.js";
import { drawPopulation, type Past, type User } from "../population/index.js";
import type { RunFolder } from "../runs/index.js";
import type { RunContext } from "./context.js";

/** The users of a round, drawn once and kept. */
export async function populate(
  { scenario, resources, disk }: RunContext,
  round: number,
): Promise<readonly User[]> {
  const { personas, pack } = resources;
  return await disk.round(round).population.keep(async () => {
    const past = scenario.population.life ? await readPast(disk, round) : [];
    return drawPopulation({ scenario, personas, pack, seed: scenario.seed, round, past });
  });
}

/** The finished rounds before this one: all that users' lives depend on stands in their files. */
async function readPast(disk: RunFolder, round: number): Promise<Past[]> {
  const past: Past[] = [];
  for (let before = 1; before < round; before += 1) {
    const at = disk.round(before);
    const interactions = (await at.interactions.read()) ?? [];
    past.push({
      users: (await at.population.read()) ?? [],
      felt: new Map(interactions.map((interaction) => [interaction.id, feltRating(interaction)])),
    });
  }
  return past;
}
