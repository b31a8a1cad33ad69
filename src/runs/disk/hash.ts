import { createHash } from "node:crypto";
import { openPlain, type Within } from "./open-plain.js";

export type FileHash = { sha256: string; lines: number };

/** SHA-256 (hex) of a plain file and how many line ends it has; undefined where there is none. */
export async function hashFile(path: string, within?: Within): Promise<FileHash | undefined> {
  const file = await openPlain(path, within);
  if (!file) return undefined;
  const hash = createHash("sha256");
  let lines = 0;
  for await (const piece of file.createReadStream({ highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(piece);
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, end + 1)) lines += 1;
  }
  return { sha256: hash.digest("hex"), lines };
}
