import { lstat, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../errors.js";
import { checked } from "../yaml/index.js";
import { readJson, type Within, writeJson } from "./disk/index.js";
import { runPaths } from "./layout.js";
import { isHeld } from "./lock.js";
import { readManifest } from "./manifest.js";
import { isSweepFolder, readSweep } from "./sweep-folder.js";

const line = z.string().trim().min(1).max(200);

const labelsSchema = z.object({
  name: line.optional(),
  tags: z.array(line).max(50).default([]),
  note: z.string().max(10_000).optional(),
  archived: z.literal(true).optional(),
});

/** What people call a run or sweep, and say of it. It changes nothing in what was computed. */
export type Labels = z.output<typeof labelsSchema>;

const ADVICE = "mend or delete it; it holds names, tags and notes alone";

const labelsPath = (folder: string): string => join(folder, "labels.json");

/** The labels of a run or sweep; none where nobody gave any. */
export async function readLabels(folder: string, within?: Within): Promise<Labels> {
  const request = { schema: labelsSchema, advice: ADVICE, within };
  return (await readJson(labelsPath(folder), request)) ?? { tags: [] };
}

/** Changes the labels of a run or sweep. Throws a UserError where the folder holds none, or a label is too long. */
export async function label(folder: string, change: (labels: Labels) => Labels): Promise<Labels> {
  await requireRun(folder);
  const labels = checked(
    labelsSchema,
    change(await readLabels(folder)),
    (problem) => new UserError(`${folder}: ${problem}`),
  );
  await writeJson(labelsPath(folder), labels);
  return labels;
}

/**
 * Deletes a run or sweep with all it holds. Throws a UserError where the folder holds neither, is a link, belongs to a sweep, or
 * is being worked on.
 */
export async function deleteRun(folder: string): Promise<void> {
  await requireRun(folder);
  const path = resolve(folder);
  if ((await lstat(path)).isSymbolicLink())
    throw new UserError(`${folder}: is a link; name the folder that it leads to`);
  const sweep = dirname(dirname(path));
  if (isSweepFolder(sweep))
    throw new UserError(
      `${folder}: belongs to the sweep ${sweep}, which would lack it; delete that as a whole`,
    );
  if (await isHeld(path)) throw new UserError(`${folder}: is being worked on; stop that first`);
  // Out of sight in one step: what is half deleted would look damaged.
  const gone = join(dirname(path), `.deleted-${basename(path)}-${process.pid}`);
  await rename(path, gone);
  await rm(gone, { recursive: true, force: true });
}

async function requireRun(folder: string): Promise<void> {
  if (isSweepFolder(folder)) return void (await readSweep(folder));
  if (await readManifest(runPaths(folder))) return;
  throw new UserError(`${folder}: neither a run nor a sweep; name its folder, such as runs/<name>-<hash>`);
}
