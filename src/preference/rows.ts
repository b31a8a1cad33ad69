import type { Interaction } from "../interaction/types.js";
import { type MethodName, methods } from "../methods/index.js";
import { replyPlaces } from "../reply-places.js";
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
 * in the middle of a sentence. A reply that its user edited teaches what the user wrote, whether or not its conversation is selected; what it
 * stood in place of is the worse one of a pair, or a row to learn away from.
 */
export function toRows(
  method: MethodName,
  selection: Selection,
  seed: string,
  /** Rating points from which on two replies make a pair. */
  margin = 1,
): PreferenceData {
  const { top, bottom, edited = [] } = selection;
  switch (methods[method].rows) {
    case "reply":
      return dataFor(method, [...top.flatMap(replyRows), ...edited.flatMap(editRows)]);
    case "labelled": {
      const rows = [
        ...labelled(top.flatMap(replyRows), true),
        ...labelled(bottom.flatMap(givenRows), false),
        // What a user wrote is to be given, and what it stands in place of is not, however the talk was rated.
        ...labelled([...bottom, ...edited].flatMap(editRows), true),
        ...labelled([...top, ...edited].flatMap(replacedRows), false),
      ];
      return dataFor(method, shuffleKtoRows(rows, seed));
    }
    case "pair":
      return dataFor(
        method,
        [...top, ...edited].flatMap((interaction) => pairs(interaction, margin)),
      );
  }
}

const labelled = (rows: readonly SftRow[], label: boolean): KtoRow[] =>
  rows.map((row) => ({ ...row, label }));

const isEdited = ({ source }: SftRow): boolean => source.edited === true;
const editRows = (interaction: Interaction): SftRow[] => replyRows(interaction).filter(isEdited);

/** The replies that users put others in place of. */
function replacedRows(interaction: Interaction): SftRow[] {
  const { edits = [] } = interaction;
  return givenRows(interaction).filter(({ source }) => edits[source.exchange] != null);
}

/** Rows of the replies as they were given. */
const givenRows = (interaction: Interaction): SftRow[] => replyRows(asGiven(interaction));

/** A conversation without what its user wrote in place of replies. */
export function asGiven({ edits: _edits, ...interaction }: Interaction): Interaction {
  return interaction;
}

/** A row for every reply of a conversation, as its user left it; none of one that was broken off and not mended. */
export function replyRows({ id, messages, cut = [], reasons = [], edits = [] }: Interaction): SftRow[] {
  const replies = replyPlaces(messages);
  return replies.flatMap((at, exchange) => {
    const edit = edits[exchange] ?? null;
    const reason = reasons[exchange] ?? null;
    if (edit === null && cut.includes(at)) return [];
    return [
      {
        prompt: messages.slice(0, at),
        completion: edit === null ? [messages[at]!] : [{ role: "assistant" as const, content: edit }],
        source: {
          interaction: id,
          exchange,
          ...(reason === null ? {} : { reason }),
          ...(edit === null ? {} : { edited: true as const }),
        },
      },
    ];
  });
}
