import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
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
  return {
    get: async (key) => {
      try {
        return replySchema.safeParse(JSON.parse(await readFile(path(key), "utf8"))).data;
      } catch (error) {
        // A damaged entry is asked for again and written anew.
        if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT")
          return undefined;
        throw error;
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
      await making;
      // A reply lost in a power cut is only asked for again.
      await writeWhole(file, `${JSON.stringify(reply)}\n`, { sync: false });
    },
  };
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
