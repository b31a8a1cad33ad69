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

/** The same of its assistant alone, for whoever asks it without playing the scenario. */
export function requireAssistant({ models: { assistant } }: Scenario, scenarioPath: string): void {
  refuseFirst(permissionProblems({ models: { assistant } }, scenarioPath), scenarioPath);
}

function refuseFirst([first]: readonly Problem[], scenarioPath: string): void {
  if (first) throw new UserError(`${shownPath(scenarioPath)} ${dotted(first.path)}: ${first.message}`);
}
