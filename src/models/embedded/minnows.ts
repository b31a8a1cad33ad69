import { UserError } from "../../errors.js";
import { packageFile } from "../../package-root.js";

/** Minnows that ship: one recipe, other seeds of pretraining. */
export const MINNOWS = 8;

/**
 * The folder of what follows `minnow:` in a model's name: a number is one of the minnows that ship, nothing the first of them.
 * Throws a UserError on a number that is none.
 */
export function minnowFolder(rest: string): string {
  if (rest === "") return shippedMinnow(1);
  if (!/^\d+$/u.test(rest)) return rest;
  const member = Number(rest);
  // Under one name alone: `03` would stand beside `3` in a sweep as if it were another model.
  if (String(member) === rest && member >= 1 && member <= MINNOWS) return shippedMinnow(member);
  throw new UserError(`minnow:${rest}: minnow:1 to minnow:${MINNOWS} ship with candor`);
}

function shippedMinnow(member: number): string {
  return packageFile(`models/minnow/${member}`);
}
