import type { CachedReply } from "./cache.js";

/** What a role has used of a model. */
export type Usage = {
  /** Calls that the model answered. */
  calls: number;
  /** Calls that the cache answered; they cost nothing and are not among `calls`. */
  cached_calls: number;
  input_tokens: number;
  output_tokens: number;
  /** Calls whose tokens were guessed from the number of letters, because the server told none. */
  estimated_calls: number;
};

/** The most tokens that any model reads or writes in a call. */
const MOST_TOKENS = 1e9;

/** Whether a server's number can be that of a call's tokens: what is below 0 would give a budget back what was spent. */
export const isCount = (tokens: unknown): tokens is number =>
  Number.isInteger(tokens) && Number(tokens) >= 0 && Number(tokens) <= MOST_TOKENS;

/** Role to model to usage. */
export type UsageByRole = Record<string, Record<string, Usage>>;

/** Where the counts of a run are kept. */
export type UsageStore = {
  /** What stands there from before; undefined for nothing. */
  read: () => Promise<UsageByRole | undefined>;
  write: (usage: UsageByRole) => Promise<void>;
  /** What the other runs have used that spend from one budget with this one; none if absent. */
  readBeside?: () => Promise<readonly UsageByRole[]>;
};

/** Counts calls and tokens, and keeps the counts in a store from the moment it is given one. */
export type UsageLog = {
  answered: (role: string, model: string, reply: CachedReply, letters: number) => void;
  cached: (role: string, model: string) => void;
  usage: () => UsageByRole;
  /** Adds what the store holds from before and writes to it from now on, at most once a second. */
  keepIn: (store: UsageStore) => Promise<void>;
  /** Writes what is not written yet. */
  flush: () => Promise<void>;
};

const WRITE_EVERY_MS = 1_000;
/** Letters of ordinary English in a token. */
const LETTERS_A_TOKEN = 4;

export function createUsageLog(): UsageLog {
  const usage: UsageByRole = {};
  let store: UsageStore | undefined;
  let timer: NodeJS.Timeout | undefined;
  let written = true;
  let writing = Promise.resolve();

  const entry = (role: string, model: string): Usage => {
    const models = own(usage, role, () => ({}));
    return own(models, model, () => ({
      calls: 0,
      cached_calls: 0,
      input_tokens: 0,
      output_tokens: 0,
      estimated_calls: 0,
    }));
  };
  const write = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    const target = written ? undefined : store;
    written = true;
    if (target) writing = writing.catch(() => {}).then(() => target.write(usage));
    // All counts are written each time: what failed once is made good by the next.
    return writing.catch((error) => {
      written = false;
      throw error;
    });
  };
  const changed = (): void => {
    written = false;
    if (!store || timer) return;
    // A failure to write is told by `flush`, which the run waits for in the end.
    timer = setTimeout(() => write().catch(() => {}), WRITE_EVERY_MS);
    timer.unref();
  };
  return {
    answered: (role, model, { usage: told, text }, letters) => {
      const counts = entry(role, model);
      counts.calls += 1;
      counts.input_tokens += told?.input_tokens ?? Math.ceil(letters / LETTERS_A_TOKEN);
      counts.output_tokens += told?.output_tokens ?? Math.ceil(text.length / LETTERS_A_TOKEN);
      if (!told) counts.estimated_calls += 1;
      changed();
    },
    cached: (role, model) => {
      entry(role, model).cached_calls += 1;
      changed();
    },
    usage: () => usage,
    keepIn: async (into) => {
      for (const [role, models] of Object.entries((await into.read()) ?? {})) {
        for (const [model, before] of Object.entries(models)) {
          const counts = entry(role, model);
          for (const field of Object.keys(counts) as (keyof Usage)[]) counts[field] += before[field];
        }
      }
      store = into;
    },
    flush: write,
  };
}

/** A record's own entry, made where there is none: a model may be called `constructor`. */
function own<T>(record: Record<string, T>, name: string, make: () => T): T {
  if (!Object.hasOwn(record, name)) record[name] = make();
  return record[name]!;
}
