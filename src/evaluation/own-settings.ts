import type { z } from "zod";
import { UserError } from "../errors.js";
import { checked } from "../yaml/index.js";
import type { SuiteSettings } from "./suite.js";

/** A suite's own settings by its schema. Throws a UserError that names the field. */
export function parseSettings<S extends z.ZodType>(
  schema: S,
  { options }: SuiteSettings,
  suite: string,
): z.output<S> {
  return checked(schema, options ?? {}, (problem, field) => {
    const name = `evaluation.suites.${suite}`;
    return new UserError(field === "" ? `${name}: ${problem}` : `${name}.${problem}`);
  });
}
