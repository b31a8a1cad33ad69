import { existsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../errors.js";
import { describeModel, embeddedFolder, type ModelSpec, modelName } from "../models/index.js";
import { type DefenceCount, dataFor, type ExportRequest } from "../preference/index.js";
import type { Row } from "../preference/types.js";
import { type Caveat, caveatWords, readRunIn, voiceCaveats } from "../runs/index.js";
import type { DefenceSettings } from "../scenario/index.js";
import { adapterAsStart, fitRows, settingsFor } from "../training/index.js";
import { wholeFolder } from "../whole/index.js";
import { type TrainerFormat, trainerFormats } from "./formats.js";
import { warningsFile } from "./warnings.js";

/** The rows that a training of a run took or will take, and all else that it was told. */
export type TrainingData = ExportRequest & {
  /** The rounds whose rows these are: all since the training before. */
  rounds: { first: number; last: number };
  /** The adapter that the training goes on from; null where it starts afresh. */
  adapter: string | null;
  /** That adapter where it is not in the run's folder: whoever trains has to find it elsewhere. */
  missing: string | null;
  /** What stood between the conversations and these rows, in its order, and how much each let through or changed. */
  stages: {
    stages: readonly DefenceSettings[];
    rounds: { round: number; counts: readonly DefenceCount[] }[];
  };
  /** What must be said of who rated and judged before the rows are believed. */
  warnings: readonly Caveat[];
};

/**
 * What is needed to train on a run's rows elsewhere as the run does: of the round that is named, or else of the last one that
 * has rows. `model` is the model by the trainer's name for it; that of the scenario if absent. Throws a UserError where there
 * is no run, or no rows.
 */
export async function readTrainingData(
  folder: string,
  { round: wanted, model }: { round?: number; model?: string },
): Promise<TrainingData> {
  const { manifest, disk, rounds: played } = await readRunIn(folder);
  const { scenario, seed } = manifest;
  const { training, models, rounds } = scenario;
  const candidates = wanted === undefined ? Array.from({ length: rounds }, (_, at) => rounds - at) : [wanted];
  for (const last of candidates) {
    if ((await disk.round(last).preference.read()) === undefined) continue;
    const first = last - ((last - 1) % training.every);
    const rows: Row[] = [];
    const counts: TrainingData["stages"]["rounds"] = [];
    for (let round = first; round <= last; round += 1) {
      for (const row of (await disk.round(round).preference.read()) ?? []) rows.push(row);
      counts.push({ round, counts: (await disk.round(round).defences.read())?.counts ?? [] });
    }
    const data = dataFor(training.method, rows);
    const before = training.start_from === "previous" ? await disk.checkpointAfter(first - 1) : null;
    const isThere = before !== null && existsSync(before);
    if (isThere) await disk.verifiedCheckpointAfter(first - 1);
    return {
      data,
      settings: settingsFor(training, data, last),
      model: model ?? training.external?.model ?? (await trainedModel(models.assistant)),
      seed,
      rounds: { first, last },
      adapter: isThere ? resolve(before) : null,
      missing: isThere ? null : before,
      stages: { stages: scenario.preference.defences, rounds: counts },
      warnings: voiceCaveats({ scenario, base: played[0] }),
    };
  }
  throw new UserError(
    wanted === undefined
      ? `${folder}: no round has preference data yet`
      : `${folder}: round ${wanted} has no preference data; rounds go from 1 to ${rounds}`,
  );
}

/** The folder of an embedded model; the name by which others know any other. */
async function trainedModel(spec: ModelSpec): Promise<string> {
  return (await embeddedFolder(spec)) ?? (await describeModel(spec)).priceName ?? modelName(spec);
}

/** Writes them into a folder that is new or empty, whole or not at all. Returns the names of the files. */
export async function writeTrainingData(
  out: string,
  format: TrainerFormat,
  { adapter, stages, warnings, ...request }: TrainingData,
): Promise<string[]> {
  const kind = trainerFormats[format];
  const start = kind.startsFromCheckpoint && adapter !== null ? START : null;
  const { data, model, settings } = request;
  const raw = kind.whole ? undefined : (await fitRows(data, model, settings.max_length))?.raw;
  const filesOf = await kind.write();
  const files = {
    ...filesOf({ ...request, raw, adapter: start ?? adapter }),
    ...(stages.stages.length > 0 ? { "stages.json": `${JSON.stringify(stages, null, 2)}\n` } : {}),
    ...(warnings.length > 0
      ? warningsFile(warnings.map(caveatWords), [{ seed: request.seed, warnings }])
      : {}),
  };
  await wholeFolder(out, async (draft) => {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(draft, name), text);
    if (start && adapter) await adapterAsStart(adapter, join(draft, start), request.settings);
  });
  return [...Object.keys(files), ...(start ? [start] : [])];
}

const START = "start";
