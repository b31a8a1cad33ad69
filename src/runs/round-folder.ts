import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Kept } from "../disposition/index.js";
import type { ProbeResult } from "../evaluation/types.js";
import type { Interaction } from "../interaction/types.js";
import type { User } from "../population/types.js";
import type { DefenceCount } from "../preference/index.js";
import type { Row } from "../preference/types.js";
import type { TrainingProgress, TrainingReport } from "../training/types.js";
import { isDraft } from "../whole/index.js";
import { DamagedFile, hashFile, ifThere, type Within } from "./disk/index.js";
import { type FileRequest, type JsonFile, jsonFile, type LinesFile, linesFile, UNVOUCHED } from "./files.js";
import { isFinished, type RoundPaths, type RunPaths } from "./layout.js";
import { adviceFor, openLedger, unlessOvertaken } from "./ledger.js";
import { compare } from "./lines/index.js";
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
  steps: LinesFile<TrainingProgress>;
  canary: LinesFile<ProbeResult>;
  probes: LinesFile<ProbeResult>;
  /** What the defence at a place in the list found out about conversations, where it has to ask models. */
  defence: <T>(index: number, kind: string) => LinesFile<T>;
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

  const verifyCheckpoint = async (): Promise<boolean> => {
    const { checkpoint: written } = await ledger.sealed();
    if (!written) return false;
    for (const [file, sha256] of Object.entries(written)) {
      const found = await hashFile(join(checkpoint, file), within);
      if (found?.sha256 === sha256) continue;
      const what = found ? "is not what was trained: its SHA-256 is another" : "is missing";
      throw new DamagedFile(join(checkpoint, file), what, advice);
    }
    return true;
  };
  const verify = async (): Promise<void> => {
    const { files } = await ledger.sealed();
    for (const [name, seal] of Object.entries(files)) {
      const path = join(paths.folder, basename(name));
      const found = await hashFile(path, within);
      if (found) compare(path, found, seal, advice);
      else if (!(await ledger.mayLack(name))) throw new DamagedFile(path, "is missing", advice);
    }
    const found = ((await ifThere(readdir(paths.folder))) ?? []).filter(isFinished);
    if (found.length > 0 && Object.keys(files).length === 0)
      throw new DamagedFile(
        paths.folder,
        `lacks ${basename(paths.round)} or ${basename(paths.sealed)}, which say what its files were`,
        advice,
      );
    const stranger = found.find((name) => !Object.hasOwn(files, name));
    if (stranger !== undefined) throw new DamagedFile(join(paths.folder, stranger), UNVOUCHED, advice);
    await verifyCheckpoint();
  };
  return {
    paths,
    population: linesFile(paths.population, request(schema.userSchema)),
    interactions: linesFile(paths.interactions, request(schema.interactionSchema)),
    preference: linesFile(paths.preference, request(schema.rowSchema)),
    steps: linesFile(paths.training, { ...request(schema.stepSchema), madeOnce: true }),
    canary: linesFile(paths.canary, request(schema.probeSchema)),
    probes: linesFile(paths.probes, request(schema.probeSchema)),
    defence: <T>(index: number, kind: string) =>
      linesFile<T>(
        paths.defence(index, kind),
        request(schema.defenceLineSchema) as unknown as FileRequest<T>,
      ),
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
    recover: async () => {
      const [name, seal] = Object.entries((await ledger.sealed()).files).at(-1) ?? [];
      const names = (await ifThere(readdir(paths.folder))) ?? [];
      if (name === undefined || names.includes(name) || (await ledger.record())) return;
      for (const draft of names.filter((one) => one.startsWith(`${name}.`) && isDraft(one)))
        if ((await hashFile(join(paths.folder, draft)))?.sha256 === seal!.sha256)
          return await rename(join(paths.folder, draft), join(paths.folder, name));
    },
    verifyCheckpoint,
    verify: async () => await unlessOvertaken(ledger, verify),
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
