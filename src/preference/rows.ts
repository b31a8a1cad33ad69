import type { Interaction } from "../interaction/types.js";
import { type MethodName, methods } from "../methods/index.js";
import { dataFor } from "./kind-of-rows.js";
import { pairs } from "./pairs.js";
import type { Selection } from "./select.js";
import { shuffleKtoRows } from "./shuffle-rows.js";
import type { KtoRow, PreferenceData, SftRow } from "./types.js";

/**
 * The training rows of a selection: one row for every assistant reply, with the history so far as the prompt.
 * Labelled rows: the top as desirable, the bottom as undesirable, shuffled by the named stream with rows of one
 * prompt kept apart, because KTO's z term compares neighbours in a batch. Pairs: for every turn with several replies the best
 * rated against the worst. A reply that was broken off makes no row: trained as it stands, it would teach the model to end
 * in the middle of a sentence.
 */
export function toRows(
  method: MethodName,
  selection: Selection,
  seed: string,
  /** Rating points from which on two replies make a pair. */
  margin = 1,
): PreferenceData {
  switch (methods[method].rows) {
    case "reply":
      return dataFor(method, selection.top.flatMap(replyRows));
    case "labelled": {
      const rows = [...labelled(selection.top, true), ...labelled(selection.bottom, false)];
      return dataFor(method, shuffleKtoRows(rows, seed));
    }
    case "pair":
      return dataFor(
        method,
        selection.top.flatMap((interaction) => pairs(interaction, margin)),
      );
  }
}

function labelled(interactions: readonly Interaction[], label: boolean): KtoRow[] {
  return interactions.flatMap(replyRows).map((row) => ({ ...row, label }));
}

/** A row for every reply of a conversation that was not broken off. */
export function replyRows({ id, messages, cut = [] }: Interaction): SftRow[] {
  const replies = messages.flatMap(({ role }, at) => (role === "assistant" ? [at] : []));
  return replies.flatMap((at, exchange) =>
    cut.includes(at)
      ? []
      : [
          {
            prompt: messages.slice(0, at),
            completion: [messages[at]!],
            source: { interaction: id, exchange },
          },
        ],
  );
}
