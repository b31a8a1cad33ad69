import { meanBiasedFraction, resolveRest } from "../../population/index.js";
import { firstLines, type IndexStore, runPaths, skimUser } from "../../runs/index.js";
import { fractionsAt, type Scenario } from "../../scenario/index.js";
import type { FoundRun } from "./find.js";

type Thoughts = Map<string, "benign" | "biased">;

const ENOUGH = 256 * 1024;
const known = new Map<string, number>();

/**
 * The share of users that the scenario wants to hold the biased thought, in the mean over its rounds; null before any user
 * has been drawn. Which persona holds it is taken from the users that were drawn, because personas beside a scenario file are
 * not part of a run's folder.
 */
export async function biasedShare(
  { folder, within }: FoundRun,
  { population, rounds }: Scenario,
  indices: IndexStore,
): Promise<number | null> {
  const before = known.get(folder);
  if (before !== undefined) return before;
  const thoughts: Thoughts = new Map();
  let complete = true;
  for (let round = 1; round <= rounds; round += 1) {
    const shares = Object.entries(resolveRest(fractionsAt(population.personas, round)));
    const names = shares.filter(([, share]) => share > 0).map(([name]) => name);
    const path = runPaths(folder).round(round).population;
    const unseen = () => names.some((name) => !thoughts.has(name));
    if (unseen())
      for (const line of await firstLines(path, ENOUGH, within)) {
        const { persona, thought } = skimUser(line);
        thoughts.set(persona, thought);
      }
    // Rare personas may stand anywhere in a large file.
    if (unseen())
      for (const { persona, thought } of (await indices(path, skimUser, within)).items)
        thoughts.set(persona, thought);
    complete &&= !unseen();
  }
  if (thoughts.size === 0) return null;
  const personas = Object.fromEntries([...thoughts].map(([name, thought]) => [name, { thought }]));
  const share = meanBiasedFraction(population.personas, personas, rounds);
  if (complete) known.set(folder, share);
  return share;
}
