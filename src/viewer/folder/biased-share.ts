import { open } from "node:fs/promises";
import { meanBiasedFraction, resolveRest } from "../../population/index.js";
import { runPaths } from "../../runs/index.js";
import { fractionsAt, type Scenario } from "../../scenario/index.js";
import { type IndexStore, skimUser } from "../lines/index.js";
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
  { folder }: FoundRun,
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
    if (unseen()) await addFirst(path, thoughts);
    // Rare personas may stand anywhere in a large file.
    if (unseen())
      for (const { persona, thought } of (await indices(path, skimUser)).items)
        thoughts.set(persona, thought);
    complete &&= !unseen();
  }
  if (thoughts.size === 0) return null;
  const personas = Object.fromEntries([...thoughts].map(([name, thought]) => [name, { thought }]));
  const share = meanBiasedFraction(population.personas, personas, rounds);
  if (complete) known.set(folder, share);
  return share;
}

async function addFirst(path: string, thoughts: Thoughts): Promise<void> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(ENOUGH), 0, ENOUGH, 0);
    const lines = buffer.toString("utf8", 0, bytesRead).split("\n").slice(0, -1);
    for (const line of lines) {
      const { persona, thought } = skimUser(Buffer.from(line));
      thoughts.set(persona, thought);
    }
  } finally {
    await file.close();
  }
}
