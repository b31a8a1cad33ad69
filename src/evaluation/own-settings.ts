import type { z } from "zod";
import { UserError } from "../errors.js";
import type { SuiteSettings } from "./suite.js";

/** A suite's own settings by its schema. Throws a UserError that names the field. */
export function parseSettings<S extends z.ZodType>(
  schema: S,
  { options }: SuiteSettings,
  suite: string,
): z.output<S> {
  const parsed = schema.safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new UserError(`evaluation.suites.${[suite, ...issue.path].join(".")}: ${issue.message}`);
}
