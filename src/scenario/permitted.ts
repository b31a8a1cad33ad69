import type { Permissions } from "../permissions/index.js";
import type { Problem } from "../yaml/index.js";
import { keyProblems } from "./keys.js";
import { pathProblems } from "./paths.js";
import { refusal } from "./place.js";
import type { Scenario } from "./schema.js";

/** What a scenario wants that a stranger's may not have unless the user says so. Takes the value as written. */
export function permissionProblems(
  value: unknown,
  scenarioPath: string,
  permissions: Permissions,
): Problem[] {
  return [...pathProblems(value, scenarioPath, permissions), ...keyProblems(value, permissions)];
}

/** Throws a UserError for the first such thing of a scenario, which may have come from elsewhere than its file. */
export function requirePermitted(scenario: Scenario, scenarioPath: string, permissions: Permissions): void {
  refuseFirst(permissionProblems(scenario, scenarioPath, permissions), scenarioPath);
}

/** Throws a UserError for the first thing of the assistant's that is not permitted, for whoever talks with a run's models without playing it. */
export function requireAssistant(
  { models: { assistant } }: Scenario,
  scenarioPath: string,
  permissions: Permissions,
): void {
  refuseFirst(permissionProblems({ models: { assistant } }, scenarioPath, permissions), scenarioPath);
}

function refuseFirst([first]: readonly Problem[], scenarioPath: string): void {
  if (first) throw refusal({ scenarioPath, field: first.path, at: first.at }, first.message);
}
