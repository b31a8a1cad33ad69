import { UserError } from "../errors.js";
import { dotted, type Problem } from "../yaml/index.js";
import { keyProblems } from "./keys.js";
import { shownPath } from "./library.js";
import { pathProblems } from "./paths.js";
import type { Scenario } from "./schema.js";

/** What a scenario wants that a stranger's may not have unless the user says so. Takes the value as written. */
export function permissionProblems(value: unknown, scenarioPath: string): Problem[] {
  return [...pathProblems(value, scenarioPath), ...keyProblems(value)];
}

/** Throws a UserError for the first such thing of a scenario, which may have come from elsewhere than its file. */
export function requirePermitted(scenario: Scenario, scenarioPath: string): void {
  refuseFirst(permissionProblems(scenario, scenarioPath), scenarioPath);
}

/** The same of its keys alone, for whoever asks its models without playing it. */
export function requireKeys(scenario: Scenario, scenarioPath: string): void {
  refuseFirst(keyProblems(scenario), scenarioPath);
}

function refuseFirst([first]: readonly Problem[], scenarioPath: string): void {
  if (first) throw new UserError(`${shownPath(scenarioPath)} ${dotted(first.path)}: ${first.message}`);
}
