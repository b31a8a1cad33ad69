import type { Interaction } from "../interaction/index.js";
import { counted } from "../numbers.js";
import type { CutCount, RoundSummary } from "../runs/index.js";
import type { DrawnCount } from "../training/types.js";
import type { RunContext } from "./context.js";

/** Above this share of texts that were broken off, a round says so. */
const MOST = 0.05;

/** Replies of the assistant, given or only rated, and turns of users after their opening, that were broken off. */
export function cutInTalks(interactions: readonly Interaction[]): { replies: CutCount; turns: CutCount } {
  const replies: CutCount = { cut: 0, of: 0 };
  const turns: CutCount = { cut: 0, of: 0 };
  const add = (count: CutCount, isCut = false, isFiltered = false): void => {
    count.of += 1;
    if (isCut) count.cut += 1;
    if (isFiltered) count.filtered = (count.filtered ?? 0) + 1;
  };
  for (const { messages, cut = [], filtered = [], alternatives = [] } of interactions) {
    const opening = messages.findIndex(({ role }) => role === "user");
    for (const [at, { role }] of messages.entries()) {
      if (role === "system" || at === opening) continue;
      add(role === "assistant" ? replies : turns, cut.includes(at), filtered.includes(at));
    }
    for (const { cut, filtered } of alternatives.flat()) add(replies, cut, filtered);
  }
  return { replies, turns };
}

/** What the steps of a training drew, together; undefined where they drew nothing. */
export function drawnInSteps(steps: readonly { drawn?: DrawnCount }[]): DrawnCount | undefined {
  const counts = steps.flatMap(({ drawn }) => (drawn ? [drawn] : []));
  const sum = (of: keyof DrawnCount): number => counts.reduce((total, one) => total + one[of], 0);
  return counts.length === 0 ? undefined : { replies: sum("replies"), cut: sum("cut"), empty: sum("empty") };
}

/**
 * Warns of each kind of text of which more than a twentieth was broken off, and of prompts that were left out for it. Counts are for the
 * log: what is told is the same in every round, and so is told once.
 */
export function warnOfCut(
  { log, onEvent }: Pick<RunContext, "log" | "onEvent">,
  { round, cut, training }: Pick<RoundSummary, "round" | "cut" | "training">,
): void {
  const warn = (what: string, field: string, count: CutCount): void => {
    const { cut, filtered = 0, of } = count;
    if (cut <= MOST * of) return;
    const many = filtered === cut ? [] : [`raise ${field}`];
    const kept =
      filtered > 0 ? ["the server's filter (content_filter) ends replies, whatever their length"] : [];
    const advice = [...many, ...kept].join("; ");
    log.warn({ round, ...count }, `${what} were broken off: ${advice}`);
    onEvent({ type: "notice", text: `more than one in twenty of ${what} were broken off: ${advice}` });
  };
  const { drawn } = training ?? {};
  if (drawn) {
    const { replies, left_out = 0 } = drawn;
    warn("the replies that the training drew", "interaction.max_tokens", { cut: drawn.cut, of: replies });
    if (left_out > 0)
      log.warn(
        { round, ...drawn },
        `every reply that the training drew to ${counted(left_out, "prompt")} was broken off or empty: nothing was learnt from there`,
      );
  }
  if (!cut) return;
  const { replies, turns, probes } = cut;
  warn("the assistant's replies (which are then not trained on)", "interaction.max_tokens", replies);
  warn("the turns of users", "interaction.max_tokens", turns);
  warn("the replies to probes (whose beginnings alone are judged)", "evaluation.max_tokens", probes);
}
