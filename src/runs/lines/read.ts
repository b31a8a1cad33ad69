import { createHash } from "node:crypto";
import type { z } from "zod";
import { isOtherForm } from "../../yaml/index.js";
import { DamagedFile, ofOtherForm, openPlain, parseChecked, parseText, type Within } from "../disk/index.js";

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
  let lines = 0;
  const hash = createHash("sha256");
  // Of another form, in a file that may yet be as it was written.
  let other: { place: string; what: string } | undefined;
  const take = (line: Buffer): void => {
    lines += 1;
    if (other) return;
    const place = `${path}:${lines}`;
    const text = line.toString("utf8");
    try {
      values.push(parseChecked(schema, text));
    } catch (error) {
      const what = (error as Error).message;
      const value = valueIn(text);
      if (!seal || value === undefined || !isOtherForm(schema, value))
        throw new DamagedFile(place, `is damaged (${what})`, advice);
      other = { place, what };
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
  const found = { lines, sha256: hash.digest("hex") };
  if (other && (found.lines !== seal?.lines || found.sha256 !== seal.sha256))
    throw new DamagedFile(other.place, `is damaged (${other.what})`, advice);
  if (other) throw ofOtherForm(other.place, other.what, advice);
  if (seal) compare(path, found, seal, advice);
  return values;
}

/** Undefined where a text is no JSON, which no version writes. */
function valueIn(text: string): unknown {
  try {
    return parseText(text);
  } catch {
    return undefined;
  }
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
