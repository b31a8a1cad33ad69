import { z } from "zod";
import { slips } from "../../yaml/index.js";

/** Fields beyond it are not looked at for slips: no person wrote so many. */
const MOST = 1000;

/** transformers' own fields that differ by a letter or two from one that is read. */
const OWN: ReadonlySet<string> = new Set(["cls_token_id", "mask_token_id", "sep_token_id", "unk_token_id"]);

/**
 * Refuses fields that are nearly one that is read and not there, each in its place: they would be passed over, and another model be
 * computed. Gives their names. What is null is nothing, however it is called.
 */
export function refuseSlips(
  found: Record<string, unknown>,
  read: readonly string[],
  context: z.core.$RefinementCtx,
): string[] {
  const told = Object.entries(found).filter(([name, value]) => value !== null && !OWN.has(name));
  const keys = [...slips(Object.fromEntries(told.slice(0, MOST)), read)].map(({ name }) => name);
  if (keys.length > 0) context.addIssue({ code: "unrecognized_keys", keys, path: [], input: found });
  return keys;
}

/** Whether a setting asks for nothing: what writes configurations writes every setting, those that are not used as null, false or empty. */
export function asksForNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  return typeof value === "object" && Object.keys(value as object).length === 0;
}

/** A schema's fields that are known by name, whatever they hold. */
export function unread(names: Iterable<string>): Record<string, z.ZodType<unknown>> {
  return Object.fromEntries([...names].map((name) => [name, z.unknown().optional()]));
}
