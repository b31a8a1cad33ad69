import { readdir, stat } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { runPaths } from "../../runs/index.js";
import type { AxisValue } from "../../scenario/index.js";
import type { Catalogue, RunEntry, SweepEntry } from "../api.js";
import type { IndexStore } from "../lines/index.js";
import { readIfChanged } from "./json-file.js";
import { readEntry } from "./run-entry.js";

/** A run's folder and where it stands. */
export type FoundRun = { id: string; folder: string; sweep: string | null; axes: Record<string, AxisValue> };
type FoundSweep = { id: string; folder: string; manifest: SweepManifest };
type SweepManifest = {
  scenario: { name: string; description: string; rounds: number; training: { method: string } };
  cells: { hash: string; folder: string; seed: number; axes: Record<string, AxisValue> }[];
};
type Found = { runs: Map<string, FoundRun>; sweeps: FoundSweep[] };

/** Folders below the viewed one that may hold runs, at most this deep. */
const DEPTH = 3;

/** A sweep names its runs' folders; anything else in their place is not followed. */
const CELL = /^cells\/[\w-]+$/u;

/** Everything in a folder that a run or sweep has written. */
export type Library = {
  folder: string;
  list: () => Promise<Catalogue>;
  /** A run by its id; undefined where the folder holds no run of that id. Ids are looked up, never used as paths. */
  find: (id: string) => Promise<FoundRun | undefined>;
  /** The runs of a sweep that have begun, or the run itself. */
  runsOf: (id: string) => Promise<FoundRun[]>;
  /** The folder of a run or sweep. */
  folderOf: (id: string) => Promise<string | undefined>;
  entry: (run: FoundRun) => Promise<RunEntry>;
};

export function openLibrary(folder: string, indices: IndexStore): Library {
  let known: Found | undefined;
  const scan = async (): Promise<Found> => {
    known = await findAll(folder);
    return known;
  };
  const find = async (id: string): Promise<FoundRun | undefined> =>
    known?.runs.get(id) ?? (await scan()).runs.get(id);
  const entry = (run: FoundRun) => readEntry(run, indices);
  return {
    folder,
    entry,
    find,
    folderOf: async (id) =>
      (await find(id))?.folder ?? known?.sweeps.find((sweep) => sweep.id === id)?.folder,
    runsOf: async (id) => {
      const { runs } = await scan();
      return [...runs.values()].filter((run) => run.id === id || run.sweep === id);
    },
    list: async () => {
      const { runs, sweeps } = await scan();
      const read = await Promise.all([...runs.values()].map((run) => unlessGone(run, entry)));
      const entries = read.filter((one) => one !== undefined);
      return {
        folder,
        runs: entries,
        sweeps: await Promise.all(sweeps.map((sweep) => describe(sweep, entries))),
      };
    },
  };
}

/** A run's folder may go while we look. */
async function unlessGone<T>(run: FoundRun, read: (run: FoundRun) => Promise<T>): Promise<T | undefined> {
  try {
    return await read(run);
  } catch (error) {
    if (await exists(runPaths(run.folder).run)) throw error;
    return undefined;
  }
}

async function describe(
  { id, folder, manifest }: FoundSweep,
  entries: readonly RunEntry[],
): Promise<SweepEntry> {
  const { scenario, cells } = manifest;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    id,
    name: scenario.name,
    description: scenario.description,
    runs: cells.map((cell) => byId.get(joinId(id, cell.folder)) ?? waiting(id, cell, scenario)),
    report: await exists(join(folder, "report.html")),
  };
}

/** A run of the grid that has not begun. */
function waiting(
  sweep: string,
  { folder, seed, axes }: SweepManifest["cells"][number],
  { name, rounds, training }: SweepManifest["scenario"],
): RunEntry {
  const biased = axes["population.personas.biased"];
  return {
    id: joinId(sweep, folder),
    sweep,
    name,
    status: "waiting",
    biased: typeof biased === "number" ? biased : null,
    method: String(axes["training.method"] ?? training.method),
    seed,
    assistant: "",
    rounds,
    round: -1,
    honesty: [],
    changed: 0,
    axes,
  };
}

async function findAll(root: string): Promise<Found> {
  const found: Found = { runs: new Map(), sweeps: [] };
  await visit(root, root, DEPTH, found);
  return found;
}

async function visit(root: string, folder: string, depth: number, found: Found): Promise<void> {
  const id = relative(root, folder).split(sep).join("/") || basename(root) || ".";
  const sweep = await readIfChanged<SweepManifest>(join(folder, "sweep.json"));
  if (sweep) {
    found.sweeps.push({ id, folder, manifest: sweep });
    for (const cell of sweep.cells) {
      if (!CELL.test(cell.folder)) continue;
      const run = {
        id: joinId(id, cell.folder),
        folder: join(folder, cell.folder),
        sweep: id,
        axes: cell.axes,
      };
      if (await exists(runPaths(run.folder).run)) found.runs.set(run.id, run);
    }
    return;
  }
  if (await exists(runPaths(folder).run)) {
    found.runs.set(id, { id, folder, sweep: null, axes: {} });
    return;
  }
  if (depth === 0) return;
  for (const name of await foldersIn(folder)) await visit(root, join(folder, name), depth - 1, found);
}

function joinId(sweep: string, cell: string): string {
  return `${sweep}/${cell}`;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    // A folder may go while we look, and the viewed one may not be there before the first run.
    if (error.code === "ENOENT" || error.code === "EACCES") return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
