import { readdir } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import { cellFolder, isWithin, readSweep, runPaths, type SweepManifest } from "../../runs/index.js";
import type { AxisValue } from "../../scenario/index.js";
import type { DamagedEntry } from "../api.js";

/** A run's folder and where it stands. */
export type FoundRun = {
  id: string;
  folder: string;
  sweep: string | null;
  axes: Record<string, AxisValue>;
  /** The viewed folder: no link may lead out of it. */
  within: string;
};
export type FoundSweep = { id: string; folder: string; manifest: SweepManifest };
export type Found = { runs: Map<string, FoundRun>; sweeps: FoundSweep[]; damaged: DamagedEntry[] };

/** Folders below the viewed one that may hold runs, at most this deep. */
const DEPTH = 3;

/** Runs and sweeps below a folder. What a link leads to outside of it is not looked at. */
export async function findAll(root: string): Promise<Found> {
  const found: Found = { runs: new Map(), sweeps: [], damaged: [] };
  await visit(root, root, DEPTH, found);
  return found;
}

/** The id of a sweep's run. */
export function joinId(sweep: string, cell: string): string {
  return `${sweep}/${cell}`;
}

async function visit(root: string, folder: string, depth: number, found: Found): Promise<void> {
  const id = relative(root, folder).split(sep).join("/") || basename(root) || ".";
  try {
    const manifest = await readSweep(folder, { within: root });
    if (manifest) return await addSweep(root, { id, folder, manifest }, found);
  } catch (error) {
    found.damaged.push({ id, sweep: null, problem: (error as Error).message });
    return;
  }
  if (await isWithin(root, runPaths(folder).run)) {
    found.runs.set(id, { id, folder, sweep: null, axes: {}, within: root });
    return;
  }
  if (depth === 0) return;
  for (const name of await foldersIn(folder)) await visit(root, join(folder, name), depth - 1, found);
}

async function addSweep(root: string, sweep: FoundSweep, { runs, sweeps }: Found): Promise<void> {
  const { id, folder, manifest } = sweep;
  sweeps.push(sweep);
  for (const cell of manifest.cells) {
    const run = {
      id: joinId(id, cell.folder),
      folder: cellFolder(folder, cell.hash),
      sweep: id,
      axes: cell.axes,
      within: root,
    };
    if (await isWithin(root, runPaths(run.folder).run)) runs.set(run.id, run);
  }
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
