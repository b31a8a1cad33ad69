import { readdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import type { UsageByRole, UsageStore } from "../models/index.js";
import { ifThere, type JsonRequest, readJson, writeJson } from "./disk/index.js";
import { runPaths } from "./layout.js";
import { usageSchema } from "./schema.js";

const request: JsonRequest<UsageByRole> = {
  schema: z.record(z.string(), z.record(z.string(), usageSchema)),
  advice: "put it back, or delete it to count anew",
};

/** What a run has used so far; undefined where nothing is written. Throws a DamagedFile. */
export async function readUsage(folder: string): Promise<UsageByRole | undefined> {
  return await readJson(runPaths(folder).usage, request);
}

/** Keeps what a run uses in its folder. `shared`: it spends from one budget with the other runs in the folder above. */
export function usageStore(folder: string, shared: boolean): UsageStore {
  const own = resolve(folder);
  return {
    read: () => readUsage(own),
    write: (usage) => writeJson(runPaths(own).usage, usage),
    ...(shared ? { readBeside: () => readBeside(own) } : {}),
  };
}

/** Throws a DamagedFile on one that cannot be read, which may be any amount. */
async function readBeside(own: string): Promise<UsageByRole[]> {
  const runs = dirname(own);
  const others = ((await ifThere(readdir(runs))) ?? [])
    .map((name) => join(runs, name))
    .filter((other) => other !== own);
  const usages = await Promise.all(others.map(readUsage));
  return usages.filter((usage) => usage !== undefined);
}
