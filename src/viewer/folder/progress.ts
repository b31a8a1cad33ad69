import { statSync } from "node:fs";
import {
  type IndexStore,
  type LinesFile,
  type RoundSummary,
  runPaths,
  type StoredRun,
  skimInteraction,
  skimProbe,
  skimStep,
  skimUser,
} from "../../runs/index.js";
import type { Progress } from "../api.js";

/** What the first incomplete round is at, told from the files that are there. Null once all rounds are complete. */
export async function readProgress(
  { folder, manifest, rounds, disk }: StoredRun,
  indices: IndexStore,
): Promise<Progress | null> {
  const { scenario } = manifest;
  const round = rounds.length;
  if (round > scenario.rounds) return null;
  const at = disk.round(round);
  const rest = { round, loss: null, seconds_left: secondsLeft(folder, rounds, scenario.rounds) };
  const count = async <T>(file: LinesFile<T>, skim: (line: Buffer) => unknown): Promise<number> =>
    (await file.index(indices, skim))?.items.length ?? 0;

  if (round > 0) {
    if (!at.population.isFinished()) return { ...rest, stage: "population", done: 0, total: null };
    if (!at.interactions.isFinished()) {
      const done = await count(at.interactions, skimInteraction);
      return { ...rest, stage: "interaction", done, total: await count(at.population, skimUser) };
    }
    if (!at.preference.isFinished()) return { ...rest, stage: "preference", done: 0, total: null };
    if (round % scenario.training.every === 0 && !at.steps.isFinished()) {
      const {
        step = 0,
        steps = null,
        loss = null,
      } = (await at.steps.index(indices, skimStep))?.items.at(-1) ?? {};
      return { ...rest, stage: "training", done: step, total: steps, loss };
    }
  }
  // All evaluated rounds have the same probes; before the first nobody knows how many.
  const total = round === 0 ? null : await count(disk.round(0).probes, skimProbe);
  return { ...rest, stage: "evaluation", done: await count(at.probes, skimProbe), total };
}

function secondsLeft(folder: string, rounds: readonly RoundSummary[], last: number): number | null {
  const trained = rounds.slice(1).map(({ seconds }) => seconds.total);
  if (trained.length === 0) return null;
  const mean = trained.reduce((sum, seconds) => sum + seconds, 0) / trained.length;
  const since = (Date.now() - statSync(runPaths(folder).round(rounds.length - 1).round).mtimeMs) / 1000;
  return Math.max(0, Math.round(mean * (last - rounds.length + 1) - Math.min(since, mean)));
}
