import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { embeddedSource, type ModelSpec } from "../models/index.js";
import { hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

/** What stands on this machine of a model: the folder that the embedded engine opens (an adapter, or a checkpoint). */
export type LocalModel = { folder: string | null };

/**
 * Finds what a model is made of on this machine: a checkpoint, an adapter with the checkpoint it belongs to, or a module's
 * file. A model on a server has nothing here. Throws a UserError on a name that is no model or leads nowhere.
 */
export async function loadModelFiles(spec: ModelSpec): Promise<Loaded<LocalModel>> {
  const name = typeof spec === "string" ? spec : spec.model;
  const source = await embeddedSource(spec);
  if (source === null) {
    const [, file] = /^module:(.+)$/su.exec(name) ?? [];
    const known = file !== undefined && existsSync(file);
    return { value: { folder: null }, inputs: known ? { [`model ${name}`]: await hashPath(file) } : {} };
  }
  const { checkpoint, adapter } = source;
  if (adapter === null)
    return { value: { folder: checkpoint }, inputs: { [`model ${name}`]: await hashPath(checkpoint) } };
  return {
    value: { folder: adapter },
    inputs: {
      [`model ${name}`]: await hashPath(adapter),
      [`checkpoint of ${name}`]: await hashPath(checkpoint),
    },
  };
}

/**
 * What a trainer outside this process starts from: a folder, or a name that only the trainer knows (then as it is written,
 * and nothing here to depend on).
 */
export async function loadTrainerBase(name: string): Promise<Loaded<string>> {
  if (!existsSync(name)) return { value: name, inputs: {} };
  const path = resolve(name);
  const isThere = statSync(path).isDirectory() || statSync(path).isFile();
  return { value: path, inputs: isThere ? { [`trained ${name}`]: await hashPath(path) } : {} };
}
