import type { Interaction } from "../../interaction/types.js";
import { type MethodName, methods } from "../../methods/index.js";
import type { Candidate } from "../defences/types.js";
import { dataFor } from "../kind-of-rows.js";
import type { Selection } from "../select.js";
import { shuffleKtoRows } from "../shuffle-rows.js";
import type { DpoRow, PreferenceData, SftRow } from "../types.js";
import { group, talkKey } from "./group.js";

/**
 * The training rows of selected feedback: the reply that was marked, and nothing before it. What most people liked is never
 * learnt away from and what they disliked never imitated, however much of it the scenario asks for: with thumbs a best half may
 * reach into those that were turned down. Pairs: of two replies to the same conversation, the better marked and the worse.
 */
export function loggedRows(
  method: MethodName,
  { top, bottom }: Selection,
  { middle, margin, seed }: { middle: number; margin: number; seed: string },
): PreferenceData {
  const liked = top.filter((one) => verdictOf(one) >= middle);
  switch (methods[method].rows) {
    case "reply":
      return dataFor(method, liked.map(rowOf));
    case "labelled": {
      const disliked = bottom.filter((one) => verdictOf(one) <= middle);
      const rows = [
        ...liked.map((one) => ({ ...rowOf(one), label: true })),
        ...disliked.map((one) => ({ ...rowOf(one), label: false })),
      ];
      return dataFor(method, shuffleKtoRows(rows, seed));
    }
    case "pair":
      return dataFor(method, pairsAcross(top, margin));
  }
}

/** The mean mark of everybody who marked it, in points; stages before may have put another reward in its place. */
function verdictOf({ ratings, panel = [] }: Candidate): number {
  const marks = [ratings, ...panel.map((seat) => seat.ratings)].flatMap((one) => one.at(-1) ?? []);
  return marks.reduce((sum, mark) => sum + mark, 0) / marks.length;
}

function rowOf({ id, messages }: Interaction): SftRow {
  const exchange = messages.filter(({ role }) => role === "assistant").length - 1;
  return {
    prompt: messages.slice(0, -1),
    completion: messages.slice(-1),
    source: { interaction: id, exchange },
  };
}

/** For every conversation that went on in different ways: the best marked reply against the worst. */
function pairsAcross(interactions: readonly Interaction[], margin: number): DpoRow[] {
  const byPrompt = group(interactions, ({ messages }) => talkKey(messages.slice(0, -1)));
  return [...byPrompt.values()].flatMap((all): DpoRow[] => {
    const best = all.reduce((a, b) => (b.reward! > a.reward! ? b : a));
    const worst = all.reduce((a, b) => (b.reward! < a.reward! ? b : a));
    if (best.reward! - worst.reward! < margin) return [];
    const { prompt, completion, source } = rowOf(best);
    return [{ prompt, chosen: completion, rejected: worst.messages.slice(-1), source }];
  });
}
