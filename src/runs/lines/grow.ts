import { appendFile, truncate } from "node:fs/promises";
import { crc32 } from "node:zlib";
import type { z } from "zod";
import { ofPlace } from "../../file-trouble.js";
import { DamagedFile, openPlain, parseChecked } from "../disk/index.js";
import { ZEROED } from "./zeroed.js";

/** A file that results are appended to as they come. */
export type GrowingLines<T> = {
  /** What was on disk when it was opened. */
  found: readonly T[];
  /** Appends one value; calls are written in the order they were made. */
  append: (value: T) => Promise<void>;
};

export type GrowRequest<T> = {
  schema: z.ZodType<T>;
  advice: string;
  /**
   * What the file is of, if every line is to carry a checksum: a line that was changed, or comes from another file, is then
   * noticed.
   */
  checkedAs?: string;
};

/**
 * Opens a file to append to. A last line that a kill left torn is cut off, so that at most the item in flight is lost. Throws
 * a DamagedFile with the line on one that no kill can have left.
 */
export async function openGrowing<T>(
  path: string,
  { schema, advice, checkedAs }: GrowRequest<T>,
): Promise<GrowingLines<T>> {
  const bytes = await readIfThere(path);
  const found: T[] = [];
  let whole = 0;
  while (bytes && whole < bytes.length) {
    const end = bytes.indexOf(0x0a, whole);
    if (end < 0) break;
    const line = bytes.subarray(whole, end);
    if (line.includes(ZEROED)) break;
    try {
      const text = line.toString("utf8");
      found.push(parseChecked(schema, checkedAs === undefined ? text : withoutCheck(text, checkedAs)));
    } catch (error) {
      throw new DamagedFile(
        `${path}:${found.length + 1}`,
        `is damaged (${(error as Error).message})`,
        advice,
      );
    }
    whole = end + 1;
  }
  if (bytes && whole < bytes.length) await truncate(path, whole);
  const lineOf = (value: T): string => {
    const text = JSON.stringify(value);
    return checkedAs === undefined ? text : withCheck(text, checkedAs);
  };
  return { found, append: appender(path, lineOf) };
}

const CHECK = /,"check":"([0-9a-f]{8})"\}$/u;

/** The text of an object with the checksum of its other fields as its last one. */
function withCheck(text: string, of: string): string {
  return `${text.slice(0, -1)},"check":"${checksum(text, of)}"}`;
}

/** The text that was given. Throws if it is not the same any more. */
function withoutCheck(text: string, of: string): string {
  const [tail, check] = CHECK.exec(text) ?? [];
  if (tail === undefined) throw new Error("it has no check");
  const bare = `${text.slice(0, -tail.length)}}`;
  if (check !== checksum(bare, of)) throw new Error("it is not what was written: its check does not fit");
  return bare;
}

function checksum(text: string, of: string): string {
  return crc32(text, crc32(of)).toString(16).padStart(8, "0");
}

/** Appends lines in the order of the calls; those made during a write go together into the next one. */
function appender<T>(path: string, lineOf: (value: T) => string): (value: T) => Promise<void> {
  let waiting = "";
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const lines = waiting;
    waiting = "";
    next = undefined;
    try {
      await appendFile(path, lines);
    } catch (error) {
      // What fails within an open file, as on a full disk, has no name of its own.
      throw ofPlace(error, path, path);
    }
  };
  return (value) => {
    waiting += `${lineOf(value)}\n`;
    if (!next) {
      next = last.then(write);
      last = next;
      // Whoever waits for it is told of a failure; until somebody does, it must not end the process.
      next.catch(() => {});
    }
    return next;
  };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  const file = await openPlain(path);
  try {
    return await file?.readFile();
  } finally {
    await file?.close();
  }
}
