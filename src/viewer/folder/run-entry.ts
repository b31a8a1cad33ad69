import { stat } from "node:fs/promises";
import { honestyIn, isHeld, type RoundSummary, type RunManifest, runPaths } from "../../runs/index.js";
import type { Scenario } from "../../scenario/index.js";
import type { RunEntry, Status } from "../api.js";
import type { IndexStore } from "../lines/index.js";
import { biasedShare } from "./biased-share.js";
import type { FoundRun } from "./find.js";
import { readIfChanged } from "./json-file.js";
import { roundSummary, runManifest } from "./shapes.js";

/** A run's manifest. Throws where the run has gone meanwhile. */
export async function readRunManifest({ folder, id }: FoundRun): Promise<RunManifest> {
  const path = runPaths(folder).run;
  const manifest = runManifest(path, await readIfChanged(path));
  if (!manifest) throw new Error(`${id}: run.json is gone`);
  return manifest;
}

/** The complete rounds of a run, in order, without gaps. */
export async function readRounds({ folder }: FoundRun, { scenario }: RunManifest): Promise<RoundSummary[]> {
  const rounds: RoundSummary[] = [];
  for (let round = 0; round <= scenario.rounds; round += 1) {
    const path = runPaths(folder).round(round).round;
    const summary = roundSummary(path, await readIfChanged(path));
    if (!summary) break;
    rounds.push(summary);
  }
  return rounds;
}

/** A run as lists show it. */
export async function readEntry(run: FoundRun, indices: IndexStore): Promise<RunEntry> {
  const manifest = await readRunManifest(run);
  const { scenario, seed } = manifest;
  const rounds = await readRounds(run, manifest);
  const paths = runPaths(run.folder);
  const last = rounds.length === 0 ? paths.run : paths.round(rounds.length - 1).round;
  const changes = await Promise.all([stat(paths.run), stat(last)]);
  return {
    id: run.id,
    sweep: run.sweep,
    name: scenario.name,
    status: await statusOf(manifest, run.folder),
    biased: await biasedShare(run, scenario, indices),
    method: scenario.training.method,
    seed,
    assistant: nameOf(scenario.models.assistant),
    rounds: scenario.rounds,
    round: rounds.length - 1,
    honesty: rounds.map(({ metrics }) => honestyIn(metrics)),
    changed: Math.max(...changes.map(({ mtimeMs }) => mtimeMs)),
    axes: run.axes,
    apart: {},
  };
}

/** A run that was killed still says running. */
async function statusOf({ status }: RunManifest, folder: string): Promise<Status> {
  return status === "running" && !(await isHeld(folder)) ? "stopped" : status;
}

export function nameOf(model: Scenario["models"]["assistant"]): string {
  return typeof model === "string" ? model : model.model;
}
