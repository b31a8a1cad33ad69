import type { RunContext } from "./context.js";
import { dispositionIds } from "./disposition.js";

/**
 * All that the results of round 0 hang on: arms of a sweep that differ in what comes later have it in common. Null where results
 * may differ from one time to the next (models on servers, code of one's own), or more than they is written.
 */
export function baseKey(
  context: Pick<RunContext, "scenario" | "resources" | "permissions" | "concurrency">,
): string | null {
  const { scenario, resources, permissions, concurrency } = context;
  const isOwn = permissions.modules || resources.local.assistant === null;
  // Nothing bounds the calls where every model is embedded.
  if (isOwn || concurrency !== undefined || dispositionIds(context).length > 0) return null;
  const { seed, models, evaluation } = scenario;
  return JSON.stringify({ seed, models, evaluation, inputs: resources.inputs });
}
