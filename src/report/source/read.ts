import { axesText, type Observation } from "../../drift/index.js";
import { UserError } from "../../errors.js";
import { type Catalogue, catalogueOf, mergeSuites, shippedSuites } from "../../evaluation/index.js";
import type { Interaction } from "../../interaction/types.js";
import type { User } from "../../population/index.js";
import {
  cellFolder,
  isSweepFolder,
  LEVEL,
  lastLogLines,
  notARun,
  type RoundSummary,
  type RunFolder,
  type RunManifest,
  readObservations,
  readRun,
  readSweepIn,
  runPaths,
  type StoredRun,
  type Within,
} from "../../runs/index.js";
import type { AxisValue, Scenario } from "../../scenario/index.js";
import { type Again, againIn } from "./again.js";

/** The mean of the ratings that a persona's users had for replies in a round, whether or not they said so. */
type Satisfaction = { round: number; persona: string; mean: number; replies: number };

/** One run, as far as it has come. */
export type ReportRun = {
  folder: string;
  /** What else it holds, read when it is asked for. */
  disk: RunFolder;
  manifest: RunManifest;
  /** Values of a sweep's axes in this run. */
  axes: Record<string, AxisValue>;
  rounds: readonly RoundSummary[];
  satisfaction: Satisfaction[];
  /** What each persona that came wants to hear. */
  thoughts: Record<string, User["thought"]>;
  observations: Observation[];
};

/** A run or sweep folder, read. */
export type ReportSource = {
  kind: "run" | "sweep";
  folder: string;
  scenario: Scenario;
  runs: ReportRun[];
  /** Runs of the sweep that have not begun. */
  absent: string[];
  /** Runs that failed, with what tells each from the others, what it said last and the log that has the rest. */
  failed: { run: string; name: string; cause: string; log: string }[];
  /** How it is gone on with; undefined where that is not kept, as of what a program played. */
  again?: Again | undefined;
};

/** What the suites of the runs say of themselves; of older runs, what the shipped ones do. */
export function catalogueOfSource({ runs }: Pick<ReportSource, "runs">): Catalogue {
  const told = runs.flatMap(({ rounds }) => rounds.map(({ suites = [] }) => suites));
  return catalogueOf(mergeSuites(...told, shippedSuites));
}

/**
 * Reads a run or sweep folder. Nothing outside it is needed. Throws a UserError if it is neither, or if nothing has been
 * measured yet. `within`: no link may lead out of that folder.
 */
export async function readSource(folder: string, within?: Within): Promise<ReportSource> {
  const source = isSweepFolder(folder)
    ? await sourceOfSweep(folder, within)
    : await sourceOfRun(folder, within);
  if (source.runs.every(({ observations }) => observations.length === 0)) {
    const [first] = source.failed;
    throw new UserError(
      first
        ? `${folder}: ${first.run} failed before anything was measured: ${first.cause}; mend that and give the same command again (${first.log})`
        : `${folder}: nothing has been measured yet; run it first, or wait for its first round`,
    );
  }
  return source;
}

async function sourceOfRun(folder: string, within: Within): Promise<ReportSource> {
  const stored = await readRun(folder, { within });
  if (!stored) throw notARun(folder);
  const run = await reportRun(stored, {}, within);
  const failed = await failureOf(folder, run.manifest, {}, within);
  const again = await againIn(folder, within);
  return { kind: "run", folder, scenario: run.manifest.scenario, runs: [run], absent: [], failed, again };
}

async function sourceOfSweep(folder: string, within: Within): Promise<ReportSource> {
  const { scenario, cells } = await readSweepIn(folder, { within });
  const runs: ReportRun[] = [];
  const absent: string[] = [];
  const failed: ReportSource["failed"] = [];
  for (const { hash, axes } of cells) {
    const at = cellFolder(folder, hash);
    const run = await cellRun(at, axes, within);
    if (run) runs.push(run);
    else absent.push(hash);
    failed.push(...(await failureOf(at, run?.manifest, axes, within)));
  }
  const again = await againIn(folder, within);
  return { kind: "sweep", folder, scenario, runs, absent, failed, again };
}

/** Why a run failed, if it did: the last error of its log. */
async function failureOf(
  folder: string,
  known: RunManifest | undefined,
  axes: Record<string, AxisValue>,
  within: Within,
): Promise<ReportSource["failed"]> {
  const manifest = known ?? (await readRun(folder, { within }).catch(() => undefined))?.manifest;
  if (manifest?.status !== "failed") return [];
  const last = (await lastLogLines(folder, within)).findLast(({ level, err }) => level >= LEVEL.error && err);
  const cause = last?.err?.message ?? "its log names no cause";
  const name = [axesText(axes), `seed ${manifest.scenario.seed}`].filter((part) => part !== "").join(", ");
  return [{ run: manifest.hash, name, cause, log: runPaths(folder).log }];
}

/** A run that failed may have left what cannot be read; the others are shown all the same. */
async function cellRun(
  folder: string,
  axes: Record<string, AxisValue>,
  within: Within,
): Promise<ReportRun | undefined> {
  const run = await readRun(folder, { within });
  if (!run) return undefined;
  try {
    return await reportRun(run, axes, within);
  } catch (error) {
    if (run.manifest.status === "done") throw error;
    return undefined;
  }
}

async function reportRun(
  { folder, manifest, rounds, disk }: StoredRun,
  axes: Record<string, AxisValue>,
  within: Within,
): Promise<ReportRun> {
  const { scenario } = manifest;
  const satisfaction: Satisfaction[] = [];
  const thoughts = new Map<string, User["thought"]>();
  for (const { round } of rounds) {
    const at = disk.round(round);
    for (const user of (await at.population.read()) ?? []) thoughts.set(user.persona, user.thought);
    satisfaction.push(...satisfactionOf(round, (await at.interactions.read()) ?? []));
  }
  const observations = await readObservations(folder, { scenario, biased: manifest.biased, axes, within });
  return {
    folder,
    disk,
    manifest,
    axes,
    rounds,
    satisfaction,
    thoughts: Object.fromEntries(thoughts),
    observations,
  };
}

function satisfactionOf(round: number, interactions: readonly Interaction[]): Satisfaction[] {
  const byPersona = new Map<string, number[]>();
  for (const { persona, ratings, raw_ratings } of interactions) {
    const given = (raw_ratings ?? ratings).filter((rating) => rating !== null);
    byPersona.set(persona, [...(byPersona.get(persona) ?? []), ...given]);
  }
  return [...byPersona]
    .filter(([, ratings]) => ratings.length > 0)
    .map(([persona, ratings]) => ({
      round,
      persona,
      mean: ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length,
      replies: ratings.length,
    }));
}
