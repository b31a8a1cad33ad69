import { existsSync, statSync } from "node:fs";
import { type RoundSummary, type RunManifest, runPaths } from "../../runs/index.js";
import type { TrainingProgress } from "../../training/types.js";
import type { Progress } from "../api.js";
import { type IndexStore, skimInteraction, skimProbe, skimUser } from "../lines/index.js";
import type { FoundRun } from "./find.js";

/** What the first incomplete round is at, told from the files that are there. Null once all rounds are complete. */
export async function readProgress(
  { folder }: FoundRun,
  { scenario }: RunManifest,
  rounds: readonly RoundSummary[],
  indices: IndexStore,
): Promise<Progress | null> {
  const round = rounds.length;
  if (round > scenario.rounds) return null;
  const at = runPaths(folder).round(round);
  const rest = { round, loss: null, seconds_left: secondsLeft(folder, rounds, scenario.rounds) };
  const count = async (path: string, skim: (line: Buffer) => unknown): Promise<number> =>
    (await indices(path, skim)).items.length;

  if (round > 0) {
    if (!existsSync(at.population)) return { ...rest, stage: "population", done: 0, total: null };
    if (!existsSync(at.interactions)) {
      const done = await count(partial(at.interactions), skimInteraction);
      return { ...rest, stage: "interaction", done, total: await count(at.population, skimUser) };
    }
    if (!existsSync(at.preference)) return { ...rest, stage: "preference", done: 0, total: null };
    if (round % scenario.training.every === 0 && !existsSync(at.training)) {
      const { items } = await indices(partial(at.training), skimStep);
      const { step = 0, steps = null, loss = null } = items.at(-1) ?? {};
      return { ...rest, stage: "training", done: step, total: steps, loss };
    }
  }
  // All evaluated rounds have the same probes; before the first nobody knows how many.
  const total = round === 0 ? null : await count(runPaths(folder).round(0).probes, skimProbe);
  const path = existsSync(at.probes) ? at.probes : partial(at.probes);
  return { ...rest, stage: "evaluation", done: await count(path, skimProbe), total };
}

/** While results come one by one they stand in a file of another name. */
export function partial(path: string): string {
  return path.replace(/\.jsonl$/u, ".partial.jsonl");
}

function secondsLeft(folder: string, rounds: readonly RoundSummary[], last: number): number | null {
  const trained = rounds.slice(1).map(({ seconds }) => seconds.total);
  if (trained.length === 0) return null;
  const mean = trained.reduce((sum, seconds) => sum + seconds, 0) / trained.length;
  const since = (Date.now() - statSync(runPaths(folder).round(rounds.length - 1).round).mtimeMs) / 1000;
  return Math.max(0, Math.round(mean * (last - rounds.length + 1) - Math.min(since, mean)));
}

function skimStep(line: Buffer): TrainingProgress {
  return JSON.parse(line.toString()) as TrainingProgress;
}
