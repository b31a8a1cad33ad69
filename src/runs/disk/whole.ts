import { createHash } from "node:crypto";
import { type FileHandle, open, rename, rm } from "node:fs/promises";

let drafts = 0;

/** A file that is written beside its place and not there yet. */
export type Draft = {
  /** SHA-256 (hex) of its bytes. */
  sha256: string;
  /** Puts it into its place. */
  place: () => Promise<void>;
  discard: () => Promise<void>;
};

/**
 * Writes a file beside its place, piece by piece and synchronised: placed, it is there whole; until then what was there
 * before is untouched. What a kill leaves is deleted by `removeDrafts`.
 */
export async function draftFile(
  path: string,
  pieces: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
): Promise<Draft> {
  drafts += 1;
  const draft = `${path}.${process.pid}${String(drafts).padStart(6, "0")}`;
  const discard = (): Promise<void> => rm(draft, { force: true });
  const hash = createHash("sha256");
  let file: FileHandle | undefined;
  try {
    file = await open(draft, "w");
    for await (const piece of pieces) {
      hash.update(piece);
      await file.appendFile(piece);
    }
    await file.sync();
    await file.close();
  } catch (error) {
    await file?.close().catch(() => {});
    await discard();
    throw error;
  }
  return {
    sha256: hash.digest("hex"),
    discard,
    place: async () => {
      try {
        await rename(draft, path);
      } catch (error) {
        await discard();
        throw error;
      }
    },
  };
}

/** Writes a file, whole or not at all. */
export async function writeWhole(path: string, text: string | Uint8Array): Promise<void> {
  const draft = await draftFile(path, [text]);
  await draft.place();
}
