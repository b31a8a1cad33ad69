import type { Scenario } from "./schema.js";
import { sourceKind } from "./sources.js";

type Role = keyof Scenario["models"];

/**
 * The roles whose models a scenario asks anything. Every role has a model, by default minnow's; one that nobody asks need
 * not be there.
 */
export function rolesAsked({ source, interaction }: Pick<Scenario, "source" | "interaction">): Role[] {
  const { simulated } = sourceKind(source);
  return [
    "assistant",
    // A user's first turn is the pack's own.
    ...(simulated && interaction.exchanges > 1 ? ["user" as const] : []),
    ...(simulated || interaction.rater_check !== undefined ? ["rater" as const] : []),
    "judge",
  ];
}
