import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import type { z } from "zod";
import { writeWhole } from "../whole/index.js";
import { DamagedFile, jsonText, parseJson, readPlain, type Within } from "./disk/index.js";
import { partialOf } from "./layout.js";
import { type Ledger, unlessOvertaken } from "./ledger.js";
import {
  compare,
  draftLines,
  type IndexStore,
  type LineIndex,
  openGrowing,
  readLines,
  type Seal,
} from "./lines/index.js";

/** A part of a round: a file of JSON lines that is there when it is finished, and as it was finished. */
export type LinesFile<T> = {
  path: string;
  /** Its values; undefined while it is not finished. Throws a DamagedFile if it is not as it was written. */
  read: () => Promise<T[] | undefined>;
  /** Whether it is there. */
  isFinished: () => boolean;
  /** Its lines by number, as far as they are there, finished or not; undefined before the first. */
  index: <S>(indices: IndexStore, skim: (line: Buffer) => S) => Promise<LineIndex<S> | undefined>;
  /** Its values, or else what `make` returns, which it has from then on. */
  keep: (make: () => Promise<readonly T[]>) => Promise<readonly T[]>;
  /**
   * Like `keep`, for results that come one by one and are dear: until all are there they are appended to a partial file, which
   * an interruption leaves behind and the next call goes on from. The finished file has them in the order that `make` returns,
   * so it does not show who was faster. `ids`: what the finished file's values are called, in order, where that is known before.
   */
  keepGrowing: (
    key: (value: T) => string,
    make: (done: ReadonlyMap<string, T>, add: (value: T) => Promise<void>) => Promise<readonly T[]>,
    ids?: readonly string[],
  ) => Promise<readonly T[]>;
};

/** A part of a round that is one JSON object. */
export type JsonFile<T> = {
  path: string;
  read: () => Promise<T | undefined>;
  write: (value: T) => Promise<void>;
};

/** What is said of a file that nothing vouches for. */
export const UNVOUCHED = "is not among the files that this round has finished";

/** What all files of a round share. */
export type FileRequest<T> = {
  schema: z.ZodType<T>;
  ledger: Ledger;
  /** What to do about a damaged one. */
  advice: string;
  /** Names run and round: partial files are checked as theirs. */
  of: string;
  within?: Within;
  /** Whether it cannot be made again from what else is on disk. */
  madeOnce?: boolean;
};

export function linesFile<T>(path: string, request: FileRequest<T>): LinesFile<T> {
  const { schema, ledger, advice, within } = request;
  const name = basename(path);
  const read = (): Promise<T[] | undefined> =>
    vouched(path, request, (seal) => readLines(path, { schema, advice, seal, within }));
  const write = async (values: readonly T[]): Promise<void> => {
    const { seal, place, discard } = await draftLines(path, values);
    try {
      await ledger.enter(name, seal);
    } catch (error) {
      await discard();
      throw error;
    }
    await place();
  };
  return {
    path,
    read,
    isFinished: () => existsSync(path),
    index: async <S>(indices: IndexStore, skim: (line: Buffer) => S) => {
      const finished = async (): Promise<LineIndex<S> | undefined> => {
        const index = await vouched(path, request, async () =>
          existsSync(path) ? await indices(path, skim, within) : undefined,
        );
        index?.verify((await ledger.sealed()).files[name]!);
        return index;
      };
      const before = await finished();
      if (before) return before;
      const growing = existsSync(partialOf(path)) ? await indices(partialOf(path), skim, within) : undefined;
      if (growing?.isThere) return growing;
      // Finished meanwhile by another process, which then deletes what it grew in; or not begun.
      return existsSync(path) ? await finished() : undefined;
    },
    keep: async (make) => {
      const before = await read();
      if (before) return before;
      const values = await make();
      await write(values);
      return values;
    },
    keepGrowing: async (key, make, ids) => {
      const partial = partialOf(path);
      const before = await read();
      if (before) {
        if (ids) compareIds(path, before.map(key), ids, advice);
        // A kill may have come between the two.
        await rm(partial, { force: true });
        return before;
      }
      const checkedAs = `${request.of} ${name}`;
      const file = await openGrowing(partial, { schema, advice, checkedAs });
      const written = (await ledger.sealed()).files[name];
      if (request.madeOnce && written && file.found.length < written.lines)
        throw new DamagedFile(path, "is missing", advice);
      if (ids) refuseStrangers(partial, file.found.map(key), ids, advice);
      const values = await make(new Map(file.found.map((value) => [key(value), value])), file.append);
      await write(values);
      await rm(partial, { force: true });
      return values;
    },
  };
}

export function jsonFile<T extends object>(path: string, request: FileRequest<T>): JsonFile<T> {
  const { schema, ledger, advice, within } = request;
  return {
    path,
    read: () =>
      vouched(path, request, async (seal) => {
        const bytes = await readPlain(path, { most: 2 ** 24, within });
        if (bytes && seal) compare(path, sealOf(bytes), seal, advice);
        return bytes && parseJson(path, bytes.toString("utf8"), { schema, advice });
      }),
    write: async (value) => {
      const text = jsonText(value);
      await ledger.enter(basename(path), sealOf(Buffer.from(text)));
      await writeWhole(path, text);
    },
  };
}

function sealOf(bytes: Buffer): Seal {
  const lines = bytes.reduce((sum, byte) => (byte === 0x0a ? sum + 1 : sum), 0);
  return { lines, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** Reads a file if it is there, and only if the ledger vouches for it. */
async function vouched<T, V>(
  path: string,
  { ledger, advice }: FileRequest<T>,
  read: (seal: Seal | undefined) => Promise<V | undefined>,
): Promise<V | undefined> {
  const name = basename(path);
  return await unlessOvertaken(ledger, async () => {
    const written = (await ledger.sealed()).files[name];
    const value = await read(written);
    if (value !== undefined && !written) throw new DamagedFile(path, UNVOUCHED, advice);
    if (value === undefined && written && !(await ledger.mayLack(name)))
      throw new DamagedFile(path, "is missing", advice);
    return value;
  });
}

/** Throws where a finished file does not hold exactly what belongs there. */
function compareIds(path: string, found: readonly string[], ids: readonly string[], advice: string): void {
  const at = ids.findIndex((id, index) => found[index] !== id);
  if (at < 0 && found.length === ids.length) return;
  const line = at < 0 ? ids.length : at;
  const what = `holds ${found[line] ?? "nothing"}, where ${ids[line] ?? "nothing"} belongs`;
  throw new DamagedFile(`${path}:${line + 1}`, what, advice);
}

/** Throws where a partial file holds what does not belong there. */
function refuseStrangers(
  path: string,
  found: readonly string[],
  ids: readonly string[],
  advice: string,
): void {
  const expected = new Set(ids);
  for (const [index, id] of found.entries())
    if (!expected.delete(id))
      throw new DamagedFile(
        `${path}:${index + 1}`,
        `holds ${id}, which does not belong there or is there twice`,
        advice,
      );
}
