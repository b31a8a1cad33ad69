import { z } from "zod";
import { UserError } from "../../errors.js";
import { checked, slip } from "../../yaml/index.js";
import type { Defence } from "./types.js";

const callable = <F>() =>
  z.custom<F>((value) => typeof value === "function", "expected a function").optional();

const partsSchema = z.looseObject({
  kind: z.string().min(1).optional(),
  screen: callable<NonNullable<Defence["screen"]>>(),
  amend: callable<NonNullable<Defence["amend"]>>(),
  remark: callable<NonNullable<Defence["remark"]>>(),
  rewrites: z.literal(true).optional(),
  release: callable<NonNullable<Defence["release"]>>(),
}) satisfies z.ZodType<Partial<Defence>>;

const PARTS = Object.keys(partsSchema.shape);

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
  const made: unknown = await exported(options);
  if (typeof made !== "object" || made === null)
    throw new UserError(`${where} gives neither screen nor amend`);
  // "scren" beside "amend" would keep nothing back, in silence.
  const slipped = slip(made, PARTS);
  if (slipped !== null)
    throw new UserError(`${where} gives a part that no stage has: ${slipped.name}: ${slipped.what}`);
  const parts = checked(partsSchema, made, (problem) => new UserError(`${where} gives ${problem}`));
  if (!parts.screen && !parts.amend) throw new UserError(`${where} gives neither screen nor amend`);
  return { ...parts, kind: parts.kind ?? "module" };
}
