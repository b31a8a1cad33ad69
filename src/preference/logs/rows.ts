import { group } from "../../group.js";
import type { Interaction } from "../../interaction/types.js";
import { type MethodName, methods } from "../../methods/index.js";
import type { Candidate } from "../defences/types.js";
import { dataFor } from "../kind-of-rows.js";
import { editPair } from "../pairs.js";
import { asGiven, replyRows } from "../rows.js";
import type { Selection } from "../select.js";
import { shuffleKtoRows } from "../shuffle-rows.js";
import type { DpoRow, PreferenceData, SftRow } from "../types.js";
import { talkKey } from "./talk-key.js";

/**
 * The training rows of selected feedback: the reply that was marked, and nothing before it. What most people liked is never
 * learnt away from and what they disliked never imitated, however much of it the scenario asks for: with thumbs a best half may
 * reach into those that were turned down. A reply that somebody edited teaches what they wrote, whatever its mark. Pairs: of two replies to the same conversation, the better marked and the worse.
 */
export function loggedRows(
  method: MethodName,
  { top, bottom, edited = [] }: Selection,
  { middle, margin, seed }: { middle: number; margin: number; seed: string },
): PreferenceData {
  const all = [...top, ...bottom, ...edited];
  const liked = top.filter((one) => editOf(one) === null && verdictOf(one) >= middle);
  const mended = all.filter((one) => editOf(one) !== null);
  switch (methods[method].rows) {
    case "reply":
      return dataFor(method, [...liked, ...mended].map(rowOf));
    case "labelled": {
      const disliked = bottom.filter((one) => editOf(one) === null && verdictOf(one) <= middle);
      const rows = [
        ...[...liked, ...mended].map((one) => ({ ...rowOf(one), label: true })),
        ...[...disliked, ...mended.filter(isWhole).map(asGiven)].map((one) => ({
          ...rowOf(one),
          label: false,
        })),
      ];
      return dataFor(method, shuffleKtoRows(rows, seed));
    }
    case "pair":
      return dataFor(method, [...pairsAcross(top.filter(isWhole), margin), ...mended.flatMap(pairOfEdit)]);
  }
}

/** The mean mark of everybody who marked it, in points; stages before may have put another reward in its place. */
function verdictOf({ ratings, panel = [] }: Candidate): number {
  const marks = [ratings, ...panel.map((seat) => seat.ratings)].flatMap((one) => one.at(-1) ?? []);
  return marks.reduce((sum, mark) => sum + mark, 0) / marks.length;
}

/** What somebody wrote in place of the reply that was marked; null where nobody did. */
const editOf = ({ edits = [] }: Interaction): string | null => edits.at(-1) ?? null;

/** Whether the reply that was marked was not cut off: one that was is neither imitated nor avoided as it stands. */
const isWhole = ({ messages, cut = [] }: Interaction): boolean => !cut.includes(messages.length - 1);

/** The row of the reply that was marked, with which the conversation ends. */
const rowOf = (talk: Interaction): SftRow => replyRows(talk).at(-1)!;

function pairOfEdit(talk: Interaction): DpoRow[] {
  const { prompt, source } = rowOf(talk);
  const { interaction: id, exchange, reason = null } = source;
  return editPair({
    id,
    exchange,
    prompt,
    given: talk.messages.at(-1)!.content,
    edit: editOf(talk)!,
    reason,
  });
}

/** For every conversation that went on in different ways: the best marked reply against the worst. */
function pairsAcross(interactions: readonly Interaction[], margin: number): DpoRow[] {
  const byPrompt = group(interactions, ({ messages }) => talkKey(messages.slice(0, -1)));
  return [...byPrompt.values()].flatMap((all): DpoRow[] => {
    const best = all.reduce((a, b) => (b.reward! > a.reward! ? b : a));
    const worst = all.reduce((a, b) => (b.reward! < a.reward! ? b : a));
    if (best.reward! - worst.reward! < margin) return [];
    const { prompt, completion, source } = rowOf(asGiven(best));
    return [{ prompt, chosen: completion, rejected: worst.messages.slice(-1), source }];
  });
}
