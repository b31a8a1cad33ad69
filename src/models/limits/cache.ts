import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { Stopped } from "../../errors.js";
import { reasonOf } from "../../file-trouble.js";
import type { Message } from "../../message.js";
import { makeWithParents, writeWhole } from "../../whole/index.js";

/** Everything that decides what a model may reply. */
export type CacheRequest = {
  model: string;
  baseUrl: string | null;
  /** Hash of the adapter behind the name, of a module's file; null where the name says it all. */
  version: string | null;
  messages: readonly Message[];
  parameters: Readonly<Record<string, unknown>>;
  /** Tells repeats of one call apart. */
  seed: number | null;
};

const replySchema = z.object({
  text: z.string(),
  usage: z.object({ input_tokens: z.number(), output_tokens: z.number() }).nullable(),
  finish: z.string().nullable(),
});

/** A reply as it is kept: nothing of the request, no header, no key. */
export type CachedReply = z.output<typeof replySchema>;

const entrySchema = replySchema.extend({
  /** Absent in those of former versions. */
  sha256: z.string().optional(),
});

/** Replies on disk, each in a file of its own that is there whole or not at all; processes may share the folder. */
export type ReplyCache = {
  get: (key: string) => Promise<CachedReply | undefined>;
  put: (key: string, reply: CachedReply) => Promise<void>;
};

/** SHA-256 (hex) over the request with sorted fields. */
export function cacheKey(request: CacheRequest): string {
  return createHash("sha256").update(JSON.stringify(request, sorted)).digest("hex");
}

export function openCache(folder: string): ReplyCache {
  const made = new Map<string, Promise<unknown>>();
  const path = (key: string) => join(folder, key.slice(0, 2), `${key.slice(2)}.json`);
  // A disk that is full or damaged would fail every call, and what was answered, and paid for, would count as an error.
  const stop = (file: string, error: unknown): never => {
    throw new Stopped(
      `the cache of replies cannot be used: ${file}: ${reasonOf(error)}. All results so far are kept: mend it, or take another folder or none (cache), and give the same command again`,
      { cause: error },
    );
  };
  return {
    get: async (key) => {
      try {
        const entry = entrySchema.safeParse(JSON.parse(await readFile(path(key), "utf8"))).data;
        if (!entry) return undefined;
        const { sha256, ...reply } = entry;
        return sha256 === undefined || sha256 === sumOf(key, reply) ? reply : undefined;
      } catch (error) {
        // A damaged entry, or that of another call, is asked for again and written anew.
        if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT")
          return undefined;
        return stop(path(key), error);
      }
    },
    put: async (key, reply) => {
      const file = path(key);
      const shard = dirname(file);
      let making = made.get(shard);
      if (!making) {
        making = makeWithParents(shard);
        made.set(shard, making);
      }
      try {
        await making;
        // A reply lost in a power cut is only asked for again.
        await writeWhole(file, `${JSON.stringify({ ...reply, sha256: sumOf(key, reply) })}\n`, {
          sync: false,
        });
      } catch (error) {
        stop(file, error);
      }
    },
  };
}

/** Tells an entry that was changed, or stands in the place of another call's. */
function sumOf(key: string, { text, usage, finish }: CachedReply): string {
  return createHash("sha256")
    .update(JSON.stringify([key, text, usage?.input_tokens, usage?.output_tokens, finish]))
    .digest("hex");
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
