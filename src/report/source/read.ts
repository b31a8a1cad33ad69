import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Observation } from "../../drift/index.js";
import { UserError } from "../../errors.js";
import { type Catalogue, catalogueOf, mergeSuites, shippedSuites } from "../../evaluation/index.js";
import type { Interaction } from "../../interaction/types.js";
import type { Persona, User } from "../../population/index.js";
import {
  type RoundSummary,
  type RunManifest,
  readJsonl,
  readManifest,
  readObservations,
  runPaths,
} from "../../runs/index.js";
import type { AxisValue, Scenario } from "../../scenario/index.js";
import { cellName } from "../../sweep/index.js";

/** The mean of the ratings that a persona's users had for replies in a round, whether or not they said so. */
export type Satisfaction = { round: number; persona: string; mean: number; replies: number };

/** One run, as far as it has come. */
export type ReportRun = {
  folder: string;
  manifest: RunManifest;
  /** Values of a sweep's axes in this run. */
  axes: Record<string, AxisValue>;
  rounds: RoundSummary[];
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
};

/** What the suites of the runs say of themselves; of older runs, what the shipped ones do. */
export function catalogueOfSource({ runs }: Pick<ReportSource, "runs">): Catalogue {
  const told = runs.flatMap(({ rounds }) => rounds.map(({ suites = [] }) => suites));
  return catalogueOf(mergeSuites(...told, shippedSuites));
}

type SweepManifest = {
  scenario: Scenario;
  cells: { hash: string; folder: string; axes: Record<string, AxisValue> }[];
};

/**
 * Reads a run or sweep folder. Nothing outside it is needed. Throws a UserError if it is neither, or if nothing has been
 * measured yet.
 */
export async function readSource(folder: string): Promise<ReportSource> {
  const source = existsSync(join(folder, "sweep.json")) ? await readSweep(folder) : await readSingle(folder);
  if (source.runs.every(({ observations }) => observations.length === 0)) {
    throw new UserError(
      `${folder}: nothing has been measured yet; run it first, or wait for its first round`,
    );
  }
  return source;
}

async function readSingle(folder: string): Promise<ReportSource> {
  const run = await readRun(folder, {});
  if (!run) {
    throw new UserError(
      `${folder}: neither a run nor a sweep; name a folder with run.json or sweep.json, such as runs/<name>-<hash>`,
    );
  }
  return { kind: "run", folder, scenario: run.manifest.scenario, runs: [run], absent: [] };
}

async function readSweep(folder: string): Promise<ReportSource> {
  const path = join(folder, "sweep.json");
  const { scenario, cells } = parse(path) as SweepManifest;
  const runs: ReportRun[] = [];
  const absent: string[] = [];
  for (const cell of cells) {
    const run = await readCell(join(folder, cell.folder), cell.axes);
    if (run) runs.push(run);
    else absent.push(cell.hash);
  }
  return { kind: "sweep", folder, scenario, runs, absent };
}

/** A run that failed may have left what cannot be read; the others are shown all the same. */
async function readCell(folder: string, axes: Record<string, AxisValue>): Promise<ReportRun | undefined> {
  try {
    return await readRun(folder, axes);
  } catch (error) {
    const manifest = await readManifest(runPaths(folder)).catch(() => undefined);
    if (manifest?.status === "done") throw error;
    return undefined;
  }
}

function parse(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UserError(
      `${path} cannot be read (${(error as Error).message}); run the sweep again to rewrite it`,
    );
  }
}

async function readRun(folder: string, axes: Record<string, AxisValue>): Promise<ReportRun | undefined> {
  const paths = runPaths(folder);
  const manifest = await readManifest(paths);
  if (!manifest) return undefined;
  const { scenario } = manifest;
  const rounds: RoundSummary[] = [];
  const satisfaction: Satisfaction[] = [];
  const thoughts = new Map<string, User["thought"]>();
  for (let round = 0; round <= scenario.rounds; round += 1) {
    const at = paths.round(round);
    if (!existsSync(at.round)) continue;
    rounds.push(parse(at.round) as RoundSummary);
    for (const user of (await readJsonl<User>(at.population)) ?? []) thoughts.set(user.persona, user.thought);
    satisfaction.push(...satisfactionOf(round, (await readJsonl<Interaction>(at.interactions)) ?? []));
  }
  const observations = await readObservations(folder, { scenario, personas: personasOf(thoughts) });
  const named = cellName(scenario.name, axes);
  return {
    folder,
    manifest,
    axes,
    rounds,
    satisfaction,
    thoughts: Object.fromEntries(thoughts),
    observations: observations.map((seen) => ({ ...seen, scenario: named })),
  };
}

/** What the run's own users tell of the personas; their prompts are not needed to count them. */
function personasOf(thoughts: ReadonlyMap<string, User["thought"]>): Record<string, Persona> {
  return Object.fromEntries(
    [...thoughts].map(([name, thought]) => [name, { name, thought, description: "", style: "", rating: "" }]),
  );
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
