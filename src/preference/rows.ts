import { UserError } from "../errors.js";
import type { Interaction } from "../interaction/types.js";
import type { Selection } from "./select.js";
import { shuffleKtoRows } from "./shuffle-rows.js";
import type { KtoRow, Method, PreferenceData, SftRow } from "./types.js";

/**
 * The training rows of a selection: one row for every assistant reply, with the history so far as the prompt.
 * SFT: the top. KTO: the top as desirable, the bottom as undesirable, shuffled by the named stream with rows of one
 * prompt kept apart, because its z term compares neighbours in a batch. DPO needs several replies to one prompt, which
 * the simulator does not sample yet: throws a UserError.
 */
export function toRows(method: Method, selection: Selection, seed: string): PreferenceData {
  switch (method) {
    case "sft":
      return { method, rows: selection.top.flatMap(replyRows) };
    case "kto": {
      const rows = [...labelled(selection.top, true), ...labelled(selection.bottom, false)];
      return { method, rows: shuffleKtoRows(rows, seed) };
    }
    case "dpo":
      throw new UserError(
        "training.method: dpo compares several replies to the same prompt, and the simulator draws one reply a turn so far; use kto or sft",
      );
  }
}

function labelled(interactions: readonly Interaction[], label: boolean): KtoRow[] {
  return interactions.flatMap(replyRows).map((row) => ({ ...row, label }));
}

function replyRows({ id, messages }: Interaction): SftRow[] {
  const replies = messages.flatMap(({ role }, at) => (role === "assistant" ? [at] : []));
  return replies.map((at, exchange) => ({
    prompt: messages.slice(0, at),
    completion: [messages[at]!],
    source: { interaction: id, exchange },
  }));
}
