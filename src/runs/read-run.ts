import { basename, dirname, resolve } from "node:path";
import { UserError } from "../errors.js";
import { DamagedFile, readJsonIfChanged, type Within } from "./disk/index.js";
import { runPaths } from "./layout.js";
import { adviceFor, recordRequest } from "./ledger.js";
import { manifestRequest, type RunManifest } from "./manifest.js";
import type { RoundRecord } from "./round.js";
import { openRunFolder, type RunFolder } from "./run-folder.js";
import { cellFolder, isSweepFolder } from "./sweep-folder.js";

/** A run as it stands on disk, for whoever shows or exports it. */
export type StoredRun = {
  folder: string;
  manifest: RunManifest;
  /** The complete rounds, from 0 on without gaps. */
  rounds: readonly RoundRecord[];
  /** Everything else, read when it is asked for. */
  disk: RunFolder;
};

/**
 * Reads what a run is made of and its complete rounds; undefined where there is no run. May be asked again and again: what has
 * not changed is not read again. Throws a UserError, with the file's name and what to do, if anything is not as candor wrote
 * it. `within`: no link may lead out of that folder.
 */
export async function readRun(
  folder: string,
  { within }: { within?: Within } = {},
): Promise<StoredRun | undefined> {
  const paths = runPaths(folder);
  const manifest = await readJsonIfChanged(paths.run, manifestRequest(paths.run, within));
  if (!manifest) return undefined;
  const { scenario, hash, status } = manifest;
  checkPlace(folder, hash);
  const rounds: RoundRecord[] = [];
  for (let number = 0; number <= scenario.rounds; number += 1) {
    const { round, folder: at } = paths.round(number);
    const record = await readJsonIfChanged(
      round,
      recordRequest({ run: hash, round: number }, adviceFor(at), within),
    );
    if (record) {
      rounds.push(record);
      continue;
    }
    if (status === "done") throw new DamagedFile(round, "is missing from a run that is done", adviceFor(at));
    break;
  }
  return { folder, manifest, rounds, disk: openRunFolder(folder, { scenario, hash, within }) };
}

/** Throws a UserError on a run that stands in another one's place in a sweep, whose values on the sweep's axes would be told of it. */
function checkPlace(folder: string, hash: string): void {
  const at = resolve(folder);
  const sweep = dirname(dirname(at));
  if (at !== cellFolder(sweep, basename(at)) || basename(at) === hash || !isSweepFolder(sweep)) return;
  throw new UserError(`${folder} holds another run (${hash}); put it back where it belongs`);
}

/** What the run in a folder is made of, with its complete rounds. Throws a UserError where there is none, or if anything is not as candor wrote it. */
export async function readRunIn(folder: string, options: { within?: Within } = {}): Promise<StoredRun> {
  const run = await readRun(folder, options);
  if (run) return run;
  throw new UserError(`${folder}: no run.json; name a run's folder, such as runs/<name>-<hash>`);
}
