import { createReadStream } from "node:fs";
import { appendFile, open, readFile, rename, rm, truncate } from "node:fs/promises";
import writeFileAtomic from "write-file-atomic";

/** Letters that are written at once: a file of any size costs no more memory than that. */
const PIECE = 2 ** 20;
let drafts = 0;

/** Writes values as JSON lines, whole or not at all. */
export async function writeJsonl(path: string, values: Iterable<unknown>): Promise<void> {
  drafts += 1;
  const draft = `${path}.${process.pid}${String(drafts).padStart(6, "0")}`;
  try {
    const file = await open(draft, "w");
    try {
      let piece = "";
      for (const value of values) {
        piece += `${JSON.stringify(value)}\n`;
        if (piece.length < PIECE) continue;
        await file.appendFile(piece);
        piece = "";
      }
      await file.appendFile(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Writes a value as indented JSON, whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** Reads a finished file of JSON lines; undefined where there is none. Throws with file and line on a damaged one. */
export async function readJsonl<T>(path: string): Promise<T[] | undefined> {
  const values: T[] = [];
  let number = 0;
  try {
    for await (const line of linesOf(path)) {
      number += 1;
      if (line !== "") values.push(JSON.parse(line) as T);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${path}:${number}: damaged: ${error.message}; delete the file to redo this part`);
  }
  return values;
}

/** A file's lines, read piece by piece. Only line breaks end a line: JSON may hold other separators as they are. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const piece of createReadStream(path, { highWaterMark: PIECE }) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = piece.indexOf(0x0a); end >= 0; end = piece.indexOf(0x0a, start)) {
      yield Buffer.concat([...rest, piece.subarray(start, end)]).toString("utf8");
      rest = [];
      start = end + 1;
    }
    rest.push(piece.subarray(start));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last.toString("utf8");
}

/** Reads a finished JSON file; undefined where there is none. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(`${path}: damaged: ${(error as Error).message}; delete the file to redo this part`);
  }
}

/**
 * A file that results are appended to as they come. Opening it cuts off a last line that a kill left torn, so at most
 * the item in flight is lost.
 */
export type JsonlAppender<T> = {
  /** What was on disk when it was opened. */
  found: readonly T[];
  /** Appends one value; calls are written in the order they were made. */
  append: (value: T) => Promise<void>;
};

export async function openJsonl<T>(path: string): Promise<JsonlAppender<T>> {
  const bytes = await readBytesIfThere(path);
  const found: T[] = [];
  let whole = 0;
  while (bytes && whole < bytes.length) {
    const end = bytes.indexOf(0x0a, whole);
    if (end < 0) break;
    const value = parseOrNothing<T>(bytes.toString("utf8", whole, end));
    if (value === undefined) break;
    found.push(value);
    whole = end + 1;
  }
  if (bytes && whole < bytes.length) await truncate(path, whole);
  return { found, append: appender(path) };
}

/** Appends values as JSON lines in the order of the calls; those made during a write go together into the next one. */
function appender<T>(path: string): (value: T) => Promise<void> {
  let waiting = "";
  let next: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const lines = waiting;
    waiting = "";
    next = undefined;
    await appendFile(path, lines);
  };
  return (value) => {
    waiting += `${JSON.stringify(value)}\n`;
    if (!next) {
      next = last.then(write);
      last = next;
      // Whoever waits for it is told of a failure; until somebody does, it must not end the process.
      next.catch(() => {});
    }
    return next;
  };
}

/** A power cut can leave a line of zero bytes: such a line and all after it are lost, not fatal. */
function parseOrNothing<T>(line: string): T | undefined {
  try {
    return JSON.parse(line) as T;
  } catch {
    return undefined;
  }
}

async function readIfThere(path: string): Promise<string | undefined> {
  return (await readBytesIfThere(path))?.toString("utf8");
}

async function readBytesIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
