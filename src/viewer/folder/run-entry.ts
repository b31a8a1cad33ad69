import { stat } from "node:fs/promises";
import { hasLost, termsOf } from "../../report/index.js";
import {
  honestyIn,
  isHeld,
  type RoundSummary,
  type RunManifest,
  readLabels,
  readRun,
  runPaths,
  type StoredRun,
} from "../../runs/index.js";
import type { Scenario } from "../../scenario/index.js";
import type { RunEntry, RunLabels, Status } from "../api.js";
import type { FoundRun } from "./find.js";

/** What a run is made of, and its complete rounds. Throws where it has gone meanwhile. */
export async function readFound({ folder, id, within }: FoundRun): Promise<StoredRun> {
  const run = await readRun(folder, { within });
  if (!run) throw new Error(`${id} is gone`);
  return run;
}

/** A run as lists show it. */
export async function readEntry(run: FoundRun): Promise<RunEntry> {
  const { manifest, rounds } = await readFound(run);
  const { scenario, seed } = manifest;
  const paths = runPaths(run.folder);
  const last = rounds.length === 0 ? paths.run : paths.round(rounds.length - 1).round;
  const changes = await Promise.all([stat(paths.run), stat(last)]);
  return {
    id: run.id,
    sweep: run.sweep,
    name: scenario.name,
    status: await statusOf(manifest, run),
    biased: manifest.biased,
    share: termsOf(scenario).label(manifest.biased),
    method: scenario.training.method,
    seed,
    assistant: nameOf(scenario.models.assistant),
    rounds: scenario.rounds,
    round: rounds.length - 1,
    honesty: rounds.map(({ metrics }) => honestyIn(metrics)),
    beliefs: beliefsIn(rounds),
    changed: Math.max(...changes.map(({ mtimeMs }) => mtimeMs)),
    axes: run.axes,
    apart: {},
    ...(run.sweep === null ? await labelsOf(run.folder, run.within) : {}),
  };
}

/** What people call a run or sweep. Labels that cannot be read are told by what changes them; a list goes on without. */
export async function labelsOf(folder: string, within: string): Promise<{ labels?: RunLabels }> {
  const labels = await readLabels(folder, within).catch(() => undefined);
  return labels && (labels.tags.length > 0 || labels.name || labels.note || labels.archived)
    ? { labels }
    : {};
}

/** Of the first suite that asks for beliefs. */
function beliefsIn(rounds: readonly RoundSummary[]): RunEntry["beliefs"] {
  const measured = rounds.flatMap(({ metrics }) => {
    const found = metrics.find(({ metric, subset }) => metric === "belief_accuracy" && subset === "all");
    return found ? [found.value] : [];
  });
  const [before] = measured;
  const now = measured.at(-1);
  return before === undefined || now === undefined ? null : { before, now, lost: hasLost({ before, now }) };
}

/** A run that was killed still says running; one that has ended since it was read says how. */
async function statusOf({ status }: RunManifest, run: FoundRun): Promise<Status> {
  if (status !== "running" || (await isHeld(run.folder))) return status;
  const { manifest } = await readFound(run);
  return manifest.status === "running" ? "stopped" : manifest.status;
}

function nameOf(model: Scenario["models"]["assistant"]): string {
  return typeof model === "string" ? model : model.model;
}
