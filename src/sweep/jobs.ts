import { createHash } from "node:crypto";
import { join, relative, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../errors.js";
import { NOTHING, type Permissions } from "../permissions/index.js";
import { loadOnce, type Resources, requireMeasured } from "../resources/index.js";
import {
  type BegunOtherwise,
  begunOtherwise,
  cellFolder,
  changedInputs,
  clearRun,
  type GivenOptions,
  lockFolder,
  mayBeginAnew,
  readManifest,
  readSweepIn,
  runPaths,
  writeCommand,
  writeSweep,
} from "../runs/index.js";
import { type Cell, expandSweep, type Scenario } from "../scenario/index.js";
import { tryOut } from "../simulation/index.js";
import type { Job } from "./types.js";

/** What a job depends on, the share of biased users that it asks for, and the suites that it puts. */
export type Checked = Pick<Resources, "inputs" | "biased" | "suites">;

const grids = new WeakMap<Scenario, Cell[]>();

/** The cells of a scenario's grid. Thousands of them take a while, and a scenario does not change: they are kept. */
export function cellsOf(scenario: Scenario): readonly Cell[] {
  const cells = grids.get(scenario) ?? expandSweep(scenario);
  grids.set(scenario, cells);
  return cells;
}

/** Names a sweep: ten hexadecimal digits of what its runs compute. */
export function sweepHash(scenario: Scenario): string {
  const runs = cellsOf(scenario).map(({ hash }) => hash);
  return createHash("sha256").update(runs.join("\n")).digest("hex").slice(0, 10);
}

/** The runs of a sweep in a folder, in the order of its grid. */
export function jobsOf(scenario: Scenario, folder: string, scenarioPath: string): Job[] {
  return cellsOf(scenario).map(({ hash, scenario, axes }) => ({
    hash,
    scenario,
    scenarioPath,
    axes,
    folder: cellFolder(folder, hash),
  }));
}

/** Records what a sweep is made of in its folder. */
export async function recordSweep(
  scenario: Scenario,
  jobs: readonly Job[],
  checked: ReadonlyMap<string, Checked>,
  at: { folder: string; scenarioPath: string; given?: GivenOptions },
): Promise<void> {
  if (at.given) await writeCommand(at.folder, { scenarioPath: at.scenarioPath, given: at.given });
  await writeSweep(at.folder, {
    scenario,
    scenario_file: relative(resolve(at.folder), resolve(at.scenarioPath)),
    cells: jobs.map(({ hash, axes, scenario: { seed } }) => ({
      hash,
      axes,
      seed,
      biased: checked.get(hash)!.biased,
    })),
  });
}

/** The runs of the sweep that a folder holds. Throws a UserError if there is none. */
export async function jobsIn(
  folder: string,
): Promise<{ scenario: Scenario; scenarioPath: string; jobs: Job[] }> {
  const { scenario, scenario_file, cells } = await readSweepIn(folder);
  const scenarioPath = join(folder, scenario_file);
  const jobs = jobsOf(scenario, folder, scenarioPath);
  if (
    isDeepStrictEqual(
      jobs.map(({ hash }) => hash),
      cells.map(({ hash }) => hash),
    )
  )
    return { scenario, scenarioPath, jobs };
  throw new UserError(`${folder} holds a sweep of another version of candor; give the sweep's command again`);
}

/** The jobs whose runs are done. Throws a UserError if a run was begun with other inputs and may not begin anew, unless they are not known. */
export async function doneJobs(
  jobs: readonly Job[],
  checked: ReadonlyMap<string, Checked> | null,
): Promise<Set<string>> {
  const { done, otherwise } = await standingOf(jobs, checked);
  if (otherwise.length > 0) throw begunOtherwise(otherwise, "sweep");
  return done;
}

/** Deletes what runs hold that were begun with other inputs: their numbers would be of two states of the files. */
export async function clearOtherwise(
  jobs: readonly Job[],
  checked: ReadonlyMap<string, Checked>,
): Promise<void> {
  for (const { folder } of (await standingOf(jobs, checked)).otherwise) {
    const unlock = await lockFolder(folder);
    try {
      await clearRun(runPaths(folder));
    } finally {
      await unlock();
    }
  }
}

/** How runs stand: which are done, and which were begun with other inputs and do not begin anew by themselves. */
async function standingOf(
  jobs: readonly Job[],
  checked: ReadonlyMap<string, Checked> | null,
): Promise<{ done: Set<string>; otherwise: BegunOtherwise[] }> {
  const done = new Set<string>();
  const otherwise: BegunOtherwise[] = [];
  for (const { hash, folder } of jobs) {
    const paths = runPaths(folder);
    // A run that cannot be read is not done; what is wrong with it is told when it is played, and stops no other.
    const manifest = await readManifest(paths).catch(() => undefined);
    if (!manifest) continue;
    if (manifest.hash !== hash)
      throw new UserError(`${folder} holds another run (${manifest.hash}); put it back where it belongs`);
    const changed = checked ? changedInputs(manifest, checked.get(hash)!.inputs) : [];
    const isDone = manifest.status === "done";
    if (changed.length === 0 && isDone) done.add(hash);
    if (changed.length > 0 && !mayBeginAnew(paths, manifest)) otherwise.push({ folder, changed, isDone });
  }
  return { done, otherwise };
}

/**
 * Finds here, not in a worker after an hour, what is wrong with what the jobs name; gives the hashes of what each one depends
 * on, and its share of biased users. What several jobs name is looked at once.
 */
export async function checkJobs(
  jobs: readonly Job[],
  permissions: Permissions,
): Promise<Map<string, Checked>> {
  const load = loadOnce();
  const byJob = new Map<string, Checked>();
  for (const { hash, scenario, scenarioPath } of jobs) {
    const { inputs, biased, suites } = await tryOut(scenario, { scenarioPath, permissions, load });
    byJob.set(hash, { inputs, biased, suites });
  }
  return byJob;
}

/** `checkJobs` of a sweep that is to be played, with what is declared of its results: any of its cells may measure that. */
export async function checkSweep(
  scenario: Scenario,
  jobs: readonly Job[],
  { scenarioPath, permissions = NOTHING }: { scenarioPath: string; permissions?: Permissions | undefined },
): Promise<Map<string, Checked>> {
  const checked = await checkJobs(jobs, permissions);
  requireMeasured(
    scenario,
    [...checked.values()].flatMap(({ suites }) => suites),
    scenarioPath,
  );
  return checked;
}
