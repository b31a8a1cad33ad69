import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.js";
import { type AxisValue, type Scenario, scenarioSchema } from "../scenario/index.js";
import { writeWhole } from "../whole/index.js";
import { readJson, readJsonIfChanged, type Within, writeJson } from "./disk/index.js";
import { refuseOtherSchema, SCHEMA } from "./manifest.js";

/** What a sweep is made of. */
export type SweepManifest = {
  schema: typeof SCHEMA;
  scenario: Scenario;
  /** The scenario's file, from the sweep's folder. */
  scenario_file: string;
  /** Its runs, in the order of the grid. */
  cells: SweepCell[];
};

export type SweepCell = {
  /** Names the run. */
  hash: string;
  axes: Record<string, AxisValue>;
  seed: number;
  /** Share of biased users, or of misaligned rows, that the run asks for, as its `run.json` has it; in [0, 1]. */
  biased: number;
  /** From the sweep's folder. */
  folder: string;
};

const cellSchema = z
  .object({
    hash: z.string().regex(/^[\w-]{1,64}$/u),
    axes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    seed: z.int(),
    biased: z.number().min(0).max(1),
    folder: z.string(),
  })
  .refine(({ hash, folder }) => folder === `cells/${hash}`, { message: "folder: it is not the cell's" });

const sweepSchema = z.object({
  schema: z.literal(SCHEMA),
  scenario: scenarioSchema,
  scenario_file: z.string(),
  cells: z.array(cellSchema),
}) satisfies z.ZodType<SweepManifest>;

const manifestOf = (folder: string): string => join(folder, "sweep.json");

/** Whether a folder says that it holds a sweep. */
export function isSweepFolder(folder: string): boolean {
  return existsSync(manifestOf(folder));
}

/** What the sweep in a folder is made of; undefined where there is none. Throws a UserError on a damaged or foreign one. */
export async function readSweep(
  folder: string,
  { within }: { within?: Within } = {},
): Promise<SweepManifest | undefined> {
  const path = manifestOf(folder);
  return await readJsonIfChanged(path, {
    schema: sweepSchema,
    advice: "give the sweep's command again, which writes it anew",
    within,
    first: (fields) => refuseOtherSchema(path, fields),
  });
}

/** What the sweep in a folder is made of. Throws a UserError where there is none, and on a damaged or foreign one. */
export async function readSweepIn(folder: string, options: { within?: Within } = {}): Promise<SweepManifest> {
  const sweep = await readSweep(folder, options);
  if (sweep) return sweep;
  throw new UserError(`${folder} is no sweep folder: it has no sweep.json`);
}

export async function writeSweep(
  folder: string,
  {
    scenario,
    scenario_file,
    cells,
  }: Pick<SweepManifest, "scenario" | "scenario_file"> & {
    cells: readonly Omit<SweepCell, "folder">[];
  },
): Promise<void> {
  await writeJson(manifestOf(folder), {
    schema: SCHEMA,
    scenario,
    scenario_file,
    cells: cells.map(({ hash, axes, seed, biased }) => ({
      hash,
      axes,
      seed,
      biased,
      folder: `cells/${hash}`,
    })),
  } satisfies SweepManifest);
}

/** The folder of a sweep's run. */
export function cellFolder(folder: string, hash: string): string {
  return join(folder, "cells", hash);
}

const queueSchema = z.object({ id: z.string().regex(/^[0-9a-f]{10}$/u) });
const queueFile = (folder: string): string => join(folder, "queue.json");

/** By what a queue knows the sweep in a folder; undefined where none does. */
export async function readSweepId(folder: string): Promise<string | undefined> {
  const found = readJson(queueFile(folder), { schema: queueSchema, advice: "delete it" });
  // Not ours or damaged by a power cut: a new one only costs jobs that are under way.
  return (await found.catch(() => undefined))?.id;
}

/** Names the sweep in a folder for queues, for ever: whoever goes on with it finds its jobs again. */
export async function sweepId(folder: string): Promise<string> {
  const before = await readSweepId(folder);
  if (before !== undefined) return before;
  const id = randomBytes(5).toString("hex");
  await writeJson(queueFile(folder), { id });
  return id;
}

/** The jobs of Slurm that play a sweep, by their numbers. */
export type Submission = { array: string; collect: string };

const submissionSchema = z.object({ array: z.string().regex(/^\w+$/u), collect: z.string().regex(/^\w+$/u) });
const submissionFile = (folder: string): string => join(folder, "slurm", "submitted.json");

/** The jobs that a sweep was handed to Slurm as; undefined if it was not. Throws a DamagedFile. */
export async function readSubmission(folder: string): Promise<Submission | undefined> {
  return await readJson(submissionFile(folder), {
    schema: submissionSchema,
    advice: "delete it once squeue shows no job of the sweep",
  });
}

export async function writeSubmission(folder: string, submission: Submission): Promise<void> {
  await writeJson(submissionFile(folder), submission);
}

/** Writes the batch scripts of a sweep. Returns where they are. */
export async function writeScripts(
  folder: string,
  scripts: { array: string; collect: string },
): Promise<{ array: string; collect: string }> {
  await mkdir(join(folder, "slurm"), { recursive: true });
  const at = { array: join(folder, "slurm", "array.sh"), collect: join(folder, "slurm", "collect.sh") };
  await writeWhole(at.array, scripts.array);
  await writeWhole(at.collect, scripts.collect);
  return at;
}

/** Where what Slurm's jobs say is appended to; `%a` stands for a task's number. */
export function slurmLogs(folder: string): { task: string; collect: string } {
  return { task: `${folder}/slurm/task-%a.log`, collect: `${folder}/slurm/collect.log` };
}
