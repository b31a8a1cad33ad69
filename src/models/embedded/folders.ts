import { access, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../../errors.js";
import { isAllowedPath } from "../../inside.js";
import { packageFile } from "../../package-root.js";

/** The shipped model's folder. */
export function minnowFolder(): string {
  return packageFile("models/minnow");
}

/** Where an embedded model lies: a checkpoint's folder, and an adapter's if the name meant one. */
export type ModelFolders = { checkpoint: string; adapter: string | null };

/**
 * What a folder holds: a checkpoint (`config.json`), or an adapter (`adapter_config.json`) of the checkpoint it names, or
 * of the shipped minnow where that is not there. Throws UserError on a folder with neither, or on an adapter that names a
 * checkpoint outside of the working folder, its own parent folder and what ships with candor.
 */
export async function modelFolders(name: string): Promise<ModelFolders> {
  const dir = resolve(name);
  if (await exists(join(dir, "config.json"))) return { checkpoint: dir, adapter: null };
  if (await exists(join(dir, "adapter_config.json"))) return { checkpoint: await baseOf(dir), adapter: dir };
  throw new UserError(
    `${name} is no model folder: it has neither config.json (a checkpoint) nor adapter_config.json (an adapter)`,
  );
}

async function baseOf(adapter: string): Promise<string> {
  const path = join(adapter, "adapter_config.json");
  const config = JSON.parse(await readFile(path, "utf8")) as { base_model_name_or_path?: string | null };
  const base = config.base_model_name_or_path;
  if (!base || !(await exists(join(resolve(base), "config.json")))) return minnowFolder();
  const folders = [dirname(adapter), process.cwd(), packageFile(".")];
  if (!isAllowedPath(base, folders))
    throw new UserError(
      `${path}: its checkpoint ${base} is outside of the working folder; add --allow-paths if you trust the adapter`,
    );
  return resolve(base);
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
