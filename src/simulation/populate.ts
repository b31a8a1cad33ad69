import { feltRating, type Interaction } from "../interaction/index.js";
import { drawPopulation, type Past, type User } from "../population/index.js";
import { keep, readJsonl } from "../runs/index.js";
import type { RunContext } from "./context.js";

/** The users of a round, drawn once and kept. */
export async function populate(
  { scenario, resources, paths }: RunContext,
  round: number,
): Promise<readonly User[]> {
  const { personas, pack } = resources;
  return await keep(paths.round(round).population, async () => {
    const past = scenario.population.life ? await readPast({ paths }, round) : [];
    return drawPopulation({ scenario, personas, pack, seed: scenario.seed, round, past });
  });
}

/** The finished rounds before this one: all that users' lives depend on stands in their files. */
async function readPast({ paths }: Pick<RunContext, "paths">, round: number): Promise<Past[]> {
  const past: Past[] = [];
  for (let before = 1; before < round; before += 1) {
    const at = paths.round(before);
    const interactions = (await readJsonl<Interaction>(at.interactions)) ?? [];
    past.push({
      users: (await readJsonl<User>(at.population)) ?? [],
      felt: new Map(interactions.map((interaction) => [interaction.id, feltRating(interaction)])),
    });
  }
  return past;
}
