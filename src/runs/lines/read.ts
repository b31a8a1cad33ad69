import { createHash } from "node:crypto";
import type { z } from "zod";
import { DamagedFile, openPlain, parseChecked, type Within } from "../disk/index.js";

/** Bytes that are read at once: a file of any size costs no more memory than that beside its values. */
const PIECE = 2 ** 20;

/** What a finished file is known by. */
export type Seal = { lines: number; sha256: string };

export type LinesRequest<T> = {
  /** Of every line. */
  schema: z.ZodType<T>;
  /** What to do about a damaged file. */
  advice: string;
  /** What was written; not compared if absent. */
  seal?: Seal;
  within?: Within;
};

/**
 * Reads a finished file of JSON lines; undefined where there is none. Throws a DamagedFile, with the line where one is to
 * blame, if it is not as it was written.
 */
export async function readLines<T>(
  path: string,
  { schema, advice, seal, within }: LinesRequest<T>,
): Promise<T[] | undefined> {
  const file = await openPlain(path, within);
  if (!file) return undefined;
  const values: T[] = [];
  const hash = createHash("sha256");
  const take = (line: Buffer): void => {
    try {
      values.push(parseChecked(schema, line.toString("utf8")));
    } catch (error) {
      throw new DamagedFile(
        `${path}:${values.length + 1}`,
        `is damaged (${(error as Error).message})`,
        advice,
      );
    }
  };
  let rest: Buffer[] = [];
  for await (const piece of file.createReadStream({ highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
    if (seal) hash.update(piece);
    let start = 0;
    // Only line breaks end a line: JSON may hold other separators as they are.
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, start)) {
      take(Buffer.concat([...rest, piece.subarray(start, end)]));
      rest = [];
      start = end + 1;
    }
    rest.push(piece.subarray(start));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) take(last);
  if (seal) compare(path, { lines: values.length, sha256: hash.digest("hex") }, seal, advice);
  return values;
}

/** Throws a DamagedFile where a file is not what was written. */
export function compare(path: string, found: Seal, written: Seal, advice: string): void {
  if (found.lines !== written.lines)
    throw new DamagedFile(path, `has ${counted(found.lines)} where ${written.lines} were written`, advice);
  if (found.sha256 !== written.sha256)
    throw new DamagedFile(path, "is not what was written: its SHA-256 is another", advice);
}

function counted(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`;
}
