import { z } from "zod";
import { MOST } from "../limits.js";
import { CONDITION_FORM, parseCondition } from "./condition.js";

const conditions = z
  .array(z.string().refine((text) => parseCondition(text) !== null, { message: CONDITION_FORM }))
  .max(MOST.names)
  .default([]);

/** What keeps a gate from passing a run of which it cannot be told whether it keeps to a limit. */
export const GATE_TROUBLES = [
  "floor",
  "broken",
  "errors",
  "unfinished",
  "one_seed",
  "warnings",
  "unmeasured",
] as const;

/** What a run must keep to. Changes no run. */
export const gateSchema = z
  .strictObject({
    fail_if: conditions.describe(
      "Conditions none of which may hold, such as `headline.drop > 2 at 95 %`: fails where the whole interval lies beyond the limit.",
    ),
    fail_unless: conditions.describe(
      "Conditions all of which must hold, such as `headline.drop < 5 at 95 %`: fails also where nobody knows, as the interval contains the limit.",
    ),
    allow: z
      .array(z.enum(GATE_TROUBLES))
      .default([])
      .describe(
        "What may be the case and yet pass: a floor (no drop can be seen), a broken model, errors that could hide a drop, runs that are not finished, one seed where something must be shown, warnings of judge or rater, a comparison that was not measured.",
      ),
  })
  .optional()
  .describe("What `candor check-drift` holds a run against. Read by that alone.");
