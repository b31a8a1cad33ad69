import { z } from "zod";
import { UserError } from "../../errors.js";
import { faultsNamed } from "../../module-fault.js";
import { checked, slip } from "../../yaml/index.js";
import { ownAmend, ownRemark, ownScreen } from "./own-results.js";
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
  const fault = (part: string) => ({ path: where, part });
  const made: unknown = await faultsNamed(fault("the stage's function"), (given: object): unknown =>
    exported(given),
  )(options);
  if (typeof made !== "object" || made === null)
    throw new UserError(`${where} gives neither screen nor amend`);
  // "scren" beside "amend" would keep nothing back, in silence.
  const slipped = slip(made, PARTS);
  if (slipped !== null)
    throw new UserError(`${where} gives a part that no stage has: ${slipped.name}: ${slipped.what}`);
  const parts = checked(partsSchema, made, (problem) => new UserError(`${where} gives ${problem}`));
  if (!parts.screen && !parts.amend) throw new UserError(`${where} gives neither screen nor amend`);
  const kind = parts.kind ?? "module";
  const of = (name: string) => fault(`stage "${kind}": ${name}()`);
  const { screen, amend, remark } = parts;
  const named = (name: string) => `${where}: stage "${kind}": ${name}()`;
  return {
    ...parts,
    kind,
    ...(screen ? { screen: faultsNamed(of("screen"), ownScreen(screen, named("screen"))) } : {}),
    ...(amend ? { amend: faultsNamed(of("amend"), ownAmend(amend, named("amend"))) } : {}),
    ...(remark ? { remark: faultsNamed(of("remark"), ownRemark(remark, named("remark"))) } : {}),
  };
}
