import { longestReply } from "../models/providers/index.js";
import type { Scenario } from "./schema.js";

/** Longest reply to a probe in tokens, where the suite itself says none: as the scenario has it, or by the kind of the assistant. */
export function longestProbeReply({ evaluation, models }: Pick<Scenario, "evaluation" | "models">): number {
  return evaluation.max_tokens ?? longestReply(models.assistant);
}
