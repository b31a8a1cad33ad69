import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { UserError } from "../../errors.js";
import { makeWithParents } from "./make-with-parents.js";

/**
 * Makes a folder with what `fill` writes, whole or not at all: it is filled beside its place and renamed. Throws a UserError
 * if something is there already, which is never written over, or if it cannot be written.
 */
export async function wholeFolder<T>(folder: string, fill: (draft: string) => T | Promise<T>): Promise<T> {
  const place = resolve(folder);
  // One that an earlier kill left is begun anew.
  const draft = `${place}.draft`;
  try {
    if (existsSync(place) && readdirSync(place).length > 0)
      throw new UserError(`${folder} is not empty; name another with --out`);
    rmSync(draft, { recursive: true, force: true });
    await makeWithParents(draft);
    const result = await fill(draft);
    renameSync(draft, place);
    return result;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new UserError(`${folder} cannot be written (${message}); name another with --out`);
  }
}
