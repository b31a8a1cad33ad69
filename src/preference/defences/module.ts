import { UserError } from "../../errors.js";
import { slip } from "../../yaml/index.js";
import type { Defence } from "./types.js";

const PARTS = ["kind", "screen", "amend", "remark", "rewrites", "release"] satisfies (keyof Defence)[];

/**
 * A stage of somebody's own: what its module exports is called with the scenario's `options` and gives a `Defence`, that
 * is `{ screen(candidates, context), amend(data, context) }`, either or both. Throws a UserError on anything else.
 */
export async function makeModuleDefence(
  exported: unknown,
  options: Readonly<Record<string, unknown>>,
  where: string,
): Promise<Defence> {
  if (typeof exported !== "function") throw new UserError(`${where} has no function as its default export`);
  const made = (await exported(options)) as Partial<Defence> | undefined;
  // "scren" beside "amend" would keep nothing back, in silence.
  const slipped = slip(made ?? {}, PARTS);
  if (slipped !== null)
    throw new UserError(`${where} gives a part that no stage has: ${slipped.name}: ${slipped.what}`);
  if (typeof made?.screen !== "function" && typeof made?.amend !== "function")
    throw new UserError(`${where} gives neither screen nor amend`);
  return { ...made, kind: made.kind ?? "module" };
}
