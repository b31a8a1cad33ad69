import { UserError } from "../../errors.js";
import { importModule } from "../../modules.js";
import type { Defence } from "./types.js";

/**
 * A stage of somebody's own: the module's default export is called with the scenario's `options` and gives a `Defence`, that
 * is `{ screen(candidates, context), amend(data, context) }`, either or both. Throws a UserError on anything else.
 */
export async function moduleDefence(
  path: string,
  options: Readonly<Record<string, unknown>>,
  where: string,
): Promise<Defence> {
  const make = await importModule(path, where);
  if (typeof make !== "function")
    throw new UserError(`${where}: ${path} has no function as its default export`);
  const made = (await make(options)) as Partial<Defence> | undefined;
  if (typeof made?.screen !== "function" && typeof made?.amend !== "function")
    throw new UserError(`${where}: ${path} gives neither screen nor amend`);
  return { ...made, kind: made.kind ?? "module" };
}
