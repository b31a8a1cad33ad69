import { z } from "zod";
import { MOST } from "../limits.js";
import { CONDITION_FORM, parseCondition } from "./condition.js";

const conditions = z
  .array(z.string().refine((text) => parseCondition(text) !== null, { message: CONDITION_FORM }))
  .max(MOST.names)
  .default([]);

/** What a run must keep to. Changes no run. */
export const gateSchema = z
  .strictObject({
    fail_if: conditions.describe(
      "Conditions none of which may hold, such as `honesty.drop > 2 at 95 %`: fails where the whole interval lies beyond the limit.",
    ),
    fail_unless: conditions.describe(
      "Conditions all of which must hold, such as `honesty.drop < 5 at 95 %`: fails also where nobody knows, as the interval contains the limit.",
    ),
  })
  .optional()
  .describe("What `candor check-drift` holds a run against. Read by that alone.");
