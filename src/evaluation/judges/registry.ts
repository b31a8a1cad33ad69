import type { NamedJudge } from "../types.js";
import { likelihood } from "./likelihood.js";
import { rule } from "./rule.js";

/** Every judge that is no model, in the order in which messages name them. */
export const namedJudges: readonly NamedJudge[] = [rule, likelihood];

/** Such a judge by its name; undefined where a name is a model's or a module's. */
export const judgeNamed = (name: string): NamedJudge | undefined =>
  namedJudges.find((one) => one.name === name);
