import { z } from "zod";
import { UserError } from "../../errors.js";
import { faultsNamed } from "../../module-fault.js";
import { importFile, type Permissions, requireCode } from "../../permissions/index.js";
import { shownPath } from "../../shown-path.js";
import { checked } from "../../yaml/index.js";
import type { Judge } from "../types.js";

const judgeSchema = z.looseObject({
  reads: z.enum(["reply", "candidates"]),
  needs: z.enum(["rules", "candidates"]).optional(),
  judge: z.custom<Judge["judge"]>((value) => typeof value === "function", "expected a function"),
});

const LABELS = new Set(["supports", "denies", "declines", "unclear", "number", "error"]);

/**
 * The judge that a module exports as `judge`: `{ reads, judge(request) }`. Null where it exports none, such as a module of a
 * chat model. Whatever its function gives that is no judgement is an error. Throws a UserError where modules are not
 * allowed, the module cannot be loaded, or its `judge` is none.
 */
export async function moduleJudge(path: string, permissions: Permissions): Promise<Judge | null> {
  const named = `module:${shownPath(path)}`;
  requireCode(permissions, `${named} would run that file's code`);
  const module = await importFile(path, named);
  if (module.judge === undefined) return null;
  const judge: Judge = checked(
    judgeSchema,
    module.judge,
    (problem) => new UserError(`${named} exports no judge: ${problem}`),
  );
  const judged = faultsNamed({ path, part: "the judge" }, judge.judge);
  return {
    ...judge,
    judge: async (request) => {
      const given: unknown = await judged(request);
      return isJudgement(given)
        ? given
        : { label: "error", detail: `${named} gave no judgement: ${JSON.stringify(given)}` };
    },
  };
}

function isJudgement(value: unknown): value is Awaited<ReturnType<Judge["judge"]>> {
  const { label, value: number } = (value ?? {}) as { label?: unknown; value?: unknown };
  if (typeof label !== "string" || !LABELS.has(label)) return false;
  return label !== "number" || (typeof number === "number" && Number.isFinite(number));
}
