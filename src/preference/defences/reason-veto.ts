import { hasPhrase } from "./phrases.js";
import type { Candidate, Defence } from "./types.js";

/**
 * Leaves out every conversation in which a user says, as the reason of its mark, one of the phrases ("agreed with me"): what was liked for
 * that is not imitated, and what was disliked for it is not learnt away from. Case is ignored; who gives no reason stays.
 */
export function reasonVeto(phrases: readonly string[]): Defence {
  const isOne = hasPhrase(phrases);
  const says = (reason: string | null): boolean => reason !== null && isOne(reason);
  return {
    kind: "reason_veto",
    screen: (candidates) => candidates.filter(({ reasons = [] }: Candidate) => !reasons.some(says)),
  };
}
