import { rm } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { DamagedFile, type JsonRequest, readJson, type Within, writeJson } from "./disk/index.js";
import type { RoundPaths } from "./layout.js";
import type { Seal } from "./lines/index.js";
import { type RoundRecord, roundRecordSchema, type Sealed, sealedSchema } from "./round.js";

/**
 * What is finished of a round, and by what it is known. Kept in a file of its own until the round is complete, and in
 * `round.json` from then on. A file is entered here before it is put into its place, so that there is never a finished one
 * that nothing vouches for; a kill between the two leaves the last entry without its file.
 */
export type Ledger = {
  /** The round in numbers; undefined while it is not complete. */
  record: () => Promise<RoundRecord | undefined>;
  sealed: () => Promise<Sealed>;
  /** Whether a file may be absent although it is entered: a kill came between. */
  mayLack: (name: string) => Promise<boolean>;
  enter: (name: string, seal: Seal) => Promise<void>;
  /** Has what a training came to entered together with the next file, its steps: there are both or neither. */
  withNext: (trained: Required<Pick<Sealed, "checkpoint" | "training">>) => void;
  complete: (summary: Omit<RoundRecord, "files" | "checkpoint">) => Promise<RoundRecord>;
  /** Forgets what was read, for whoever reads while another process writes. */
  reload: () => void;
};

/** A round by the hash of its run and its number. */
export type RoundName = { run: string; round: number };

type State = { record?: RoundRecord; sealed: Sealed };

export function openLedger(
  at: RoundPaths,
  { run, round }: RoundName,
  advice: string,
  within?: Within,
): Ledger {
  let state: Promise<State> | undefined;
  const load = async (): Promise<State> => {
    const completed = async (): Promise<State | undefined> => {
      const record = await readJson(at.round, recordRequest({ run, round }, advice, within));
      return record && { record, sealed: { files: record.files, checkpoint: record.checkpoint } };
    };
    const before = await completed();
    if (before) return before;
    const sealed = await readJson(at.sealed, { schema: sealedSchema, advice, within });
    if (sealed) return { sealed };
    // Another process may have completed the round between the two looks: it writes the one, then deletes the other.
    return (await completed()) ?? { sealed: { files: {} } };
  };
  const loaded = (): Promise<State> => {
    state ??= load();
    return state;
  };
  let next: Partial<Sealed> = {};
  return {
    record: async () => (await loaded()).record,
    sealed: async () => (await loaded()).sealed,
    mayLack: async (name) => {
      const { record, sealed } = await loaded();
      return record === undefined && Object.keys(sealed.files).at(-1) === name;
    },
    enter: async (name, seal) => {
      const before = (await loaded()).sealed;
      const sealed: Sealed = { ...before, ...next, files: { ...before.files, [name]: seal } };
      await writeJson(at.sealed, sealed);
      next = {};
      state = Promise.resolve({ sealed });
    },
    withNext: (trained) => {
      next = trained;
    },
    complete: async (summary) => {
      const { files, checkpoint = null } = (await loaded()).sealed;
      const record: RoundRecord = { ...summary, run, files, checkpoint };
      await writeJson(at.round, record);
      await rm(at.sealed, { force: true });
      state = Promise.resolve({ record, sealed: { files, checkpoint } });
      return record;
    },
    reload: () => {
      state = undefined;
    },
  };
}

/**
 * What a look at a round's files gives. Where it finds them damaged and another process has finished more of the round since what is
 * known of it was read, it looks anew: what was read of the round and what of its files were of different moments.
 */
export async function unlessOvertaken<T>(ledger: Ledger, look: () => Promise<T>): Promise<T> {
  for (;;) {
    const before = await ledger.sealed();
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      ledger.reload();
      if (isDeepStrictEqual(await ledger.sealed(), before)) throw error;
    }
  }
}

/** How a round's `round.json` is read. */
export function recordRequest(
  { run, round }: RoundName,
  advice: string,
  within?: Within,
): JsonRequest<RoundRecord> {
  const schema = roundRecordSchema
    .refine((found) => found.round === round, {
      path: ["round"],
      message: `expected ${round}: it is another round's`,
    })
    .refine((found) => found.run === undefined || found.run === run, {
      path: ["run"],
      message: `expected ${run}: it is another run's, or run.json is`,
    });
  return { schema, advice, within };
}

/** What to do about a damaged file of the round in a folder. */
export function adviceFor(folder: string): string {
  return `put it back, or delete ${folder} and the rounds after it to play them again`;
}
