import { access } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { packageFile } from "../../package-root.js";
import { mayTouch, type Permissions } from "../../permissions/index.js";
import { shownPath } from "../../shown-path.js";
import { readTextFile } from "../../text-file.js";
import { readCheckedJson } from "../../yaml/index.js";
import type { ModelFolders } from "../providers/types.js";
import { minnowFolder } from "./minnows.js";
import { modelFolderIn } from "./model-folder.js";

/**
 * What a folder holds: a checkpoint (`config.json`), or an adapter (`adapter_config.json`) of the checkpoint it names; where
 * that is not there and its path ends like a shipped minnow's, as after a move, of that minnow. Throws UserError on a folder
 * with neither, and on an adapter whose checkpoint is not there or lies outside of the working folder, its own parent
 * folder and what ships with candor.
 */
export async function modelFolders(name: string, permissions: Permissions): Promise<ModelFolders> {
  const dir = resolve(name);
  if (await exists(join(dir, "config.json"))) return { checkpoint: dir, adapter: null };
  if (await exists(join(dir, "adapter_config.json")))
    return { checkpoint: await baseOf(dir, permissions), adapter: dir };
  const inside = modelFolderIn(name);
  throw new UserError(
    `${shownPath(dir)} is no model folder: it has neither config.json (a checkpoint) nor adapter_config.json (an adapter)${inside === null ? "" : `; ${inside} is one`}`,
  );
}

async function baseOf(adapter: string, permissions: Permissions): Promise<string> {
  const path = join(adapter, "adapter_config.json");
  const { base_model_name_or_path: base } = await readConfig(path);
  if (!base)
    throw new UserError(`${path} does not say which checkpoint it belongs to: base_model_name_or_path`);
  if (!(await exists(join(resolve(base), "config.json")))) {
    const [, member] = /(?:^|[\\/])models[\\/]minnow[\\/](\d+)$/u.exec(base) ?? [];
    if (member !== undefined) return minnowFolder(member);
    throw new UserError(`${path}: its checkpoint ${base} is not there`);
  }
  const folders = [dirname(adapter), process.cwd(), packageFile(".")];
  if (!mayTouch(permissions, base, folders))
    throw new UserError(
      `${path}: its checkpoint ${base} is outside of the working folder; add --allow-paths if you trust the adapter`,
    );
  return resolve(base);
}

const configSchema = z.object({ base_model_name_or_path: z.string().nullish() });

async function readConfig(path: string): Promise<z.output<typeof configSchema>> {
  return readCheckedJson(configSchema, readTextFile(path), { file: path });
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
