import { join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.js";
import type { Permissions } from "../../permissions/index.js";
import { readTextFile } from "../../text-file.js";
import { readCheckedJson } from "../../yaml/index.js";
import { modelFolders } from "../embedded/folders.js";
import type { InProcess, ProviderFacts } from "./types.js";

/**
 * What providers share whose models run on the embedded engine: `language` is that of the probes they are asked, `folder` finds a
 * model's folder by the rest of its name and throws a UserError where there can be none.
 */
export function onEngine(
  language: string,
  folder: (rest: string) => string,
): Pick<InProcess & ProviderFacts, "fields" | "embedded" | "path" | "describe" | "open"> {
  return {
    fields: [],
    embedded: true,
    path: (rest) => resolve(folder(rest)),
    describe: async (model, permissions) => ({
      language,
      contextLength: await contextOf(folder(model.rest), permissions),
      priceName: null,
      scores: "yes",
      takesAdapters: (await modelFolders(folder(model.rest), permissions)).adapter === null,
    }),
    open: async ({ rest }, { adapter, threads, permissions }) => {
      const path = folder(rest);
      const found = await modelFolders(path, permissions);
      if (adapter !== null && found.adapter !== null)
        throw new UserError(`${path} is an adapter itself; name its checkpoint to put ${adapter} on it`);
      const { openEmbedded } = await import("../embedded/pool.js");
      return await openEmbedded({ ...found, adapter: adapter ?? found.adapter, threads });
    },
  };
}

const configSchema = z.object({ max_position_embeddings: z.int().positive().optional() });

async function contextOf(folder: string, permissions: Permissions): Promise<number | null> {
  const { checkpoint } = await modelFolders(folder, permissions);
  const path = join(checkpoint, "config.json");
  return readCheckedJson(configSchema, readTextFile(path), { file: path }).max_position_embeddings ?? null;
}
