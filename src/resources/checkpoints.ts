import { existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { embeddedSource, type ModelSpec, modelName, modelPath } from "../models/index.js";
import type { Permissions } from "../permissions/index.js";
import { hashModule, hashPath } from "./hash.js";
import type { Loaded } from "./types.js";

/** What stands on this machine of a model; null for one that the embedded engine does not run. */
export type LocalModel = { checkpoint: string; adapter: string | null } | null;

/**
 * Finds what a model is made of on this machine: a checkpoint, an adapter with the checkpoint it belongs to, or a module's
 * file. A model on a server has nothing here. Throws a UserError on a name that is no model or leads nowhere.
 */
export async function loadModelFiles(spec: ModelSpec, permissions: Permissions): Promise<Loaded<LocalModel>> {
  const name = modelName(spec);
  const source = await embeddedSource(spec, permissions);
  if (source === null) {
    const file = modelPath(spec);
    if (file === null || !existsSync(file)) return { value: null, inputs: {} };
    const hash = statSync(file).isFile() ? await hashModule(file) : await hashPath(file);
    return { value: null, inputs: { [`model ${name}`]: hash } };
  }
  const { checkpoint, adapter } = source;
  if (adapter === null) return { value: source, inputs: { [`model ${name}`]: await hashPath(checkpoint) } };
  return {
    value: source,
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
