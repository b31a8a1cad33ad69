import { stat } from "node:fs/promises";
import { termsOf } from "../../report/index.js";
import { reportFile, runPaths } from "../../runs/index.js";
import type { Catalogue, DamagedEntry, RunEntry, SweepEntry } from "../api.js";
import { apart } from "./apart.js";
import { type Found, type FoundRun, type FoundSweep, findAll, joinId } from "./find.js";
import { labelsOf, readEntry } from "./run-entry.js";

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
};

export function openLibrary(folder: string): Library {
  let known: Found | undefined;
  const scan = async (): Promise<Found> => {
    known = await findAll(folder);
    return known;
  };
  const find = async (id: string): Promise<FoundRun | undefined> =>
    known?.runs.get(id) ?? (await scan()).runs.get(id);
  return {
    folder,
    find,
    folderOf: async (id) =>
      (await find(id))?.folder ?? known?.sweeps.find((sweep) => sweep.id === id)?.folder,
    runsOf: async (id) => {
      const { runs } = await scan();
      return [...runs.values()].filter((run) => run.id === id || run.sweep === id);
    },
    list: async () => {
      const { runs, sweeps, damaged } = await scan();
      const read = await Promise.all([...runs.values()].map((run) => unlessGone(run)));
      const entries = await apart(
        read.flatMap((one) => (one && "name" in one ? [one] : [])),
        runs,
      );
      const bad = [...damaged, ...read.flatMap((one) => (one && "problem" in one ? [one] : []))];
      const ids = new Set(bad.map(({ id }) => id));
      return {
        folder,
        runs: entries,
        sweeps: await Promise.all(
          sweeps.map(async (sweep) => ({
            ...describe(sweep, entries, ids),
            ...(await labelsOf(sweep.folder, folder)),
          })),
        ),
        damaged: bad,
      };
    },
  };
}

/** A run as lists show it, or what is wrong with its files. Its folder may go while we look. */
async function unlessGone(run: FoundRun): Promise<RunEntry | DamagedEntry | undefined> {
  try {
    return await readEntry(run);
  } catch (error) {
    const { id, sweep } = run;
    return (await exists(runPaths(run.folder).run))
      ? { id, sweep, problem: (error as Error).message }
      : undefined;
  }
}

function describe(
  { id, folder, manifest }: FoundSweep,
  entries: readonly RunEntry[],
  damaged: ReadonlySet<string>,
): SweepEntry {
  const { scenario, cells } = manifest;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    id,
    name: scenario.name,
    description: scenario.description,
    runs: cells.map((cell) => {
      const own = joinId(id, cell.folder);
      const status = damaged.has(own) ? "damaged" : "waiting";
      return byId.get(own) ?? { ...waiting(id, cell, scenario), status };
    }),
    report: reportFile(folder) !== undefined,
  };
}

/** A run of the grid that has not begun. */
function waiting(
  sweep: string,
  { folder, seed, axes, biased }: FoundSweep["manifest"]["cells"][number],
  scenario: FoundSweep["manifest"]["scenario"],
): RunEntry {
  const { name, rounds, training } = scenario;
  return {
    id: joinId(sweep, folder),
    sweep,
    name,
    status: "waiting",
    biased,
    share: termsOf(scenario).label(biased),
    method: String(axes["training.method"] ?? training.method),
    seed,
    assistant: "",
    rounds,
    round: -1,
    honesty: [],
    beliefs: null,
    changed: 0,
    axes,
    apart: {},
  };
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}
