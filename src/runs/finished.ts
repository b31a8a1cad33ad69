import { readdir, rename } from "node:fs/promises";
import { basename, join } from "node:path";
import { isDraft } from "../whole/index.js";
import { DamagedFile, hashFile, ifThere, type Within } from "./disk/index.js";
import { UNVOUCHED } from "./files.js";
import { isFinished, type RoundPaths } from "./layout.js";
import type { Ledger } from "./ledger.js";
import { compare } from "./lines/index.js";

/** What is finished of a round, and what vouches for it. */
export type Finished = {
  paths: RoundPaths;
  checkpoint: string;
  ledger: Ledger;
  /** What to do about a file that is damaged. */
  advice: string;
  within?: Within;
};

/** Throws a DamagedFile unless the checkpoint is what was trained. False where none was. */
export async function verifyCheckpoint({ checkpoint, ledger, advice, within }: Finished): Promise<boolean> {
  const { checkpoint: written } = await ledger.sealed();
  if (!written) return false;
  for (const [file, sha256] of Object.entries(written)) {
    const found = await hashFile(join(checkpoint, file), within);
    if (found?.sha256 === sha256) continue;
    const what = found ? "is not what was trained: its SHA-256 is another" : "is missing";
    throw new DamagedFile(join(checkpoint, file), what, advice);
  }
  return true;
}

/** Throws a DamagedFile unless everything that is finished is as it was finished. */
export async function verify(finished: Finished): Promise<void> {
  const { paths, ledger, advice, within } = finished;
  const { files } = await ledger.sealed();
  for (const [name, seal] of Object.entries(files)) {
    const path = join(paths.folder, basename(name));
    const found = await hashFile(path, within);
    if (found) compare(path, found, seal, advice);
    else if (!(await ledger.mayLack(name))) throw new DamagedFile(path, "is missing", advice);
  }
  const found = ((await ifThere(readdir(paths.folder))) ?? []).filter(isFinished);
  if (found.length > 0 && Object.keys(files).length === 0)
    throw new DamagedFile(
      paths.folder,
      `lacks ${basename(paths.round)} or ${basename(paths.sealed)}, which say what its files were`,
      advice,
    );
  const stranger = found.find((name) => !Object.hasOwn(files, name));
  if (stranger !== undefined) throw new DamagedFile(join(paths.folder, stranger), UNVOUCHED, advice);
  await verifyCheckpoint(finished);
}

/** Puts a finished file into its place that a kill had kept from it. */
export async function recover({ paths, ledger }: Finished): Promise<void> {
  const [name, seal] = Object.entries((await ledger.sealed()).files).at(-1) ?? [];
  const names = (await ifThere(readdir(paths.folder))) ?? [];
  if (name === undefined || names.includes(name) || (await ledger.record())) return;
  for (const draft of names.filter((one) => one.startsWith(`${name}.`) && isDraft(one)))
    if ((await hashFile(join(paths.folder, draft)))?.sha256 === seal!.sha256)
      return await rename(join(paths.folder, draft), join(paths.folder, name));
}
