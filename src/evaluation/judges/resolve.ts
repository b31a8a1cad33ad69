import { UserError } from "../../errors.js";
import type { Judge } from "../types.js";
import { ruleJudge } from "./rule.js";

/** The judge a scenario names under `models.judge`. Throws a UserError on a name it does not know. */
export function resolveJudge(spec: string): Judge {
  if (spec === "rule") return ruleJudge;
  throw new UserError(
    `models.judge: there is no judge ${spec}; use rule, which decides by the probes' own phrases`,
  );
}
