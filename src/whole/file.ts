import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { UserError } from "../errors.js";
import { ofPlace } from "../file-trouble.js";
import { draftName } from "./drafts.js";
import { notWritten } from "./not-written.js";

/** A file that is written beside its place and not there yet. */
export type Draft = {
  /** SHA-256 (hex) of its bytes. */
  sha256: string;
  /** Puts it into its place. */
  place: () => Promise<void>;
  discard: () => Promise<void>;
};

type Pieces = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** `sync: false` for what a power cut may take: the file is still there whole or not at all if only the process dies. */
type Options = { sync?: boolean };

/**
 * Writes a file beside its place, piece by piece and synchronised: placed, it is there whole; until then what was there
 * before is untouched. What a kill leaves is deleted by `removeDrafts`.
 */
export async function draftFile(path: string, pieces: Pieces, { sync = true }: Options = {}): Promise<Draft> {
  const draft = draftName(path);
  // Where it could never be made it cannot be deleted either, and why it could not matters more.
  const discard = (): Promise<void> => rm(draft, { force: true }).catch(() => {});
  const hash = createHash("sha256");
  let file: FileHandle | undefined;
  try {
    file = await open(draft, "w");
    for await (const piece of pieces) {
      hash.update(piece);
      await file.appendFile(piece);
    }
    if (sync) await file.sync();
    await file.close();
  } catch (error) {
    await file?.close().catch(() => {});
    await discard();
    throw ofPlace(error, draft, path);
  }
  return {
    sha256: hash.digest("hex"),
    discard,
    place: async () => {
      try {
        await rename(draft, path);
      } catch (error) {
        await discard();
        throw ofPlace(error, draft, path);
      }
    },
  };
}

/** Writes a file, whole or not at all. */
export async function writeWhole(
  path: string,
  content: string | Uint8Array | Pieces,
  options: Options = {},
): Promise<void> {
  const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
  const draft = await draftFile(path, pieces, options);
  await draft.place();
}

/**
 * Makes sure that a file can be written, before work whose result it is to hold. Leaves what stands there as it is. Throws a
 * UserError that says why it cannot; `advice` says what to do, another with --out if absent.
 */
export async function requireWritable(path: string, advice?: string): Promise<void> {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
      throw notWritten(path, "it is a folder", { advice });
    await (await draftFile(path, [])).discard();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw notWritten(path, error, { advice });
  }
}

/** Writes a text, whole or not at all, before anything else is done. */
export function writeWholeSync(path: string, text: string): void {
  const draft = draftName(path);
  try {
    const file = openSync(draft, "w");
    try {
      writeFileSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
  } catch (error) {
    try {
      rmSync(draft, { force: true });
    } catch {
      // Why it could not be written matters more.
    }
    throw ofPlace(error, draft, path);
  }
}
