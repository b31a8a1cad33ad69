import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, relative } from "node:path";
import { resultNames } from "../export/formats.js";
import { exportResults } from "../export/index.js";
import {
  cellFolder,
  DamagedFile,
  NOT_GIVEN,
  type RunManifest,
  readObservations,
  type SweepManifest,
  verifyDrift,
  verifyWithin,
} from "../runs/index.js";

/** Holds a finished run's tables against its probes. Returns what was looked at; nothing of a run that goes on. Throws a DamagedFile where one is another. */
export async function verifyTablesOfRun(folder: string, manifest: RunManifest): Promise<string[]> {
  if (manifest.status !== "done") return [];
  const again = "its command, given again,";
  const drift = await verifyDrift(folder, await readObservations(folder, manifest), again);
  const within = await verifyWithin(folder, manifest, again);
  return [...drift, ...within, ...(await verifyExports(folder))];
}

/** Holds a sweep's tables against the probes of its runs, whose manifests come in the cells' order, once all of them are done. Returns what was looked at. */
export async function verifyTablesOfSweep(
  folder: string,
  cells: SweepManifest["cells"],
  manifests: readonly RunManifest[],
): Promise<string[]> {
  if (manifests.some(({ status }) => status !== "done")) return [];
  const observations = [];
  for (const [index, { hash, axes }] of cells.entries()) {
    const at = cellFolder(folder, hash);
    for (const seen of await readObservations(at, { ...manifests[index]!, axes })) observations.push(seen);
  }
  const drift = await verifyDrift(folder, observations, `candor sweep --collect ${folder}`);
  return [...drift, ...(await verifyExports(folder))];
}

/** What stands in a folder's `export/`, where the export puts it unless told otherwise, is held against an export of now. */
async function verifyExports(folder: string): Promise<string[]> {
  const there = resultNames.filter((format) => existsSync(join(folder, "export", format)));
  if (there.length === 0) return [];
  const draft = await mkdtemp(join(tmpdir(), "candor-check-"));
  try {
    for (const format of there) {
      const at = join(folder, "export", format);
      const files = await exportResults(folder, format, join(draft, format));
      const again = `candor export ${folder} --format ${format}, once that folder is deleted,`;
      for (const file of files) await compare(join(at, relative(join(draft, format), file)), file, again);
      const stranger = await strangerIn(at, join(draft, format));
      if (stranger !== undefined) throw new DamagedFile(stranger, "is no file of the export", "take it out");
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return there.map((format) => `export/${format}`);
}

async function compare(path: string, now: string, again: string): Promise<void> {
  if (!existsSync(path)) throw new DamagedFile(path, "is missing from the export", `${again} writes it anew`);
  if (!(await readFile(path)).equals(await readFile(now)))
    throw new DamagedFile(path, NOT_GIVEN, `${again} writes it anew`);
}

/** A table that the export did not write would be taken for one of its own. */
async function strangerIn(folder: string, now: string): Promise<string | undefined> {
  const known = new Set(await readdir(now, { recursive: true }));
  const found = (await readdir(folder, { recursive: true })).find(
    (name) => !known.has(name) && /\.(?:csv|jsonl|parquet)$/u.test(basename(name)),
  );
  return found === undefined ? undefined : join(folder, found);
}
