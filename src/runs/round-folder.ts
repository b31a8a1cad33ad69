import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import type { Kept } from "../disposition/index.js";
import type { ProbeResult } from "../evaluation/types.js";
import type { Interaction } from "../interaction/types.js";
import type { User } from "../population/types.js";
import type { DefenceCount } from "../preference/index.js";
import type { Row } from "../preference/types.js";
import type { TrainingReport } from "../training/types.js";
import { hashFile, ifThere, type Within } from "./disk/index.js";
import { type FileRequest, type JsonFile, jsonFile, type LinesFile, linesFile } from "./files.js";
import { type Finished, recover, verify, verifyCheckpoint } from "./finished.js";
import type { RoundPaths, RunPaths } from "./layout.js";
import { adviceFor, openLedger, unlessOvertaken } from "./ledger.js";
import { type NoOp, noOpSchema } from "./no-op.js";
import type { RoundRecord, RoundSummary } from "./round.js";
import * as schema from "./schema.js";

/** A round on disk. Everything read from it is checked: what it holds by schema, and that it is what was written. */
export type RoundFolder = {
  paths: RoundPaths;
  population: LinesFile<User>;
  interactions: LinesFile<Interaction>;
  /** Rows of preference data. */
  preference: LinesFile<Row>;
  /** Steps of the training. */
  steps: LinesFile<schema.StepLine>;
  canary: LinesFile<ProbeResult>;
  probes: LinesFile<ProbeResult>;
  /** What the defence at a place in the list found out about conversations, where it has to ask models. */
  defence: <T>(index: number, kind: string, schema: z.ZodType<T>) => LinesFile<T>;
  /** How much each defence let through. */
  defences: JsonFile<{ counts: DefenceCount[] }>;
  /** Of round 0: the direction and the linear probe that hidden states are measured by. */
  disposition: JsonFile<Kept>;
  /** Probes put to the model within its training. */
  within: LinesFile<schema.StepResult>;
  /** There in rounds that were to train and left the assistant as it was. */
  noOp: JsonFile<NoOp>;
  /** The round in numbers; undefined while it is not complete. */
  record: () => Promise<RoundRecord | undefined>;
  /** Makes the folder of a round that is not complete, without what an earlier attempt left elsewhere. */
  begin: () => Promise<void>;
  /** Records that the round is complete. */
  complete: (summary: RoundSummary) => Promise<RoundRecord>;
  /** What was reported of the round's training, once its checkpoint is in its place and vouched for. */
  trained: () => Promise<TrainingReport | undefined>;
  /** Vouches for the checkpoint that a training has put into its place, as soon as its steps are finished too. */
  finishTraining: (report: TrainingReport) => Promise<void>;
  /** Puts a finished file into its place that a kill had kept from it. */
  recover: () => Promise<void>;
  /** Throws a DamagedFile unless the checkpoint is what was trained. False where none was. */
  verifyCheckpoint: () => Promise<boolean>;
  /** Throws a DamagedFile unless everything that is finished is as it was finished. */
  verify: () => Promise<void>;
};

export function openRound(run: RunPaths, number: number, name: string, within?: Within): RoundFolder {
  const paths = run.round(number);
  const advice = adviceFor(paths.folder);
  const ledger = openLedger(paths, { run: name, round: number }, advice, within);
  const request = <T>(of: FileRequest<T>["schema"]): FileRequest<T> => ({
    schema: of,
    ledger,
    advice,
    of: `${name} ${number}`,
    within,
  });
  const checkpoint = run.checkpoint(number);

  const finished: Finished = { paths, checkpoint, ledger, advice, within };
  return {
    paths,
    population: linesFile(paths.population, request(schema.userSchema)),
    interactions: linesFile(paths.interactions, request(schema.interactionSchema)),
    preference: linesFile(paths.preference, request(schema.rowSchema)),
    steps: linesFile(paths.training, { ...request(schema.stepSchema), madeOnce: true }),
    canary: linesFile(paths.canary, request(schema.probeSchema)),
    probes: linesFile(paths.probes, request(schema.probeSchema)),
    defence: (index, kind, lineSchema) => linesFile(paths.defence(index, kind), request(lineSchema)),
    defences: jsonFile(paths.defences, request(schema.defenceCountsSchema)),
    disposition: jsonFile(paths.disposition, request(schema.dispositionSchema)),
    within: linesFile(paths.within, request(schema.stepResultSchema)),
    noOp: jsonFile(paths.noOp, request(noOpSchema(number))),
    record: ledger.record,
    begin: async () => {
      // Of a round that was deleted to be played again, its training would otherwise go on where it had stopped.
      if ((await ifThere(readdir(paths.folder))) === undefined)
        await rm(run.training(number), { recursive: true, force: true });
      await mkdir(paths.folder, { recursive: true });
    },
    complete: async (summary) => await ledger.complete(summary),
    trained: async () => (await ledger.sealed()).training ?? (await ledger.record())?.training ?? undefined,
    finishTraining: async (training) => {
      ledger.withNext({ checkpoint: await hashesIn(checkpoint), training });
    },
    recover: () => recover(finished),
    verifyCheckpoint: () => verifyCheckpoint(finished),
    verify: () => unlessOvertaken(ledger, () => verify(finished)),
  };
}

async function hashesIn(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) {
    const found = await hashFile(join(folder, name));
    if (found) hashes[name] = found.sha256;
  }
  return hashes;
}
