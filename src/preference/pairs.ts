import type { Interaction } from "../interaction/types.js";
import type { Message } from "../models/types.js";
import { replyPlaces } from "../reply-places.js";
import type { DpoRow } from "./types.js";

/**
 * DPO's pairs of a conversation: for each turn the reply that the user rated best and, of those that say something else, the
 * one it rated worst; the earlier sample where ratings are equal. None where fewer than `margin` rating points lie between
 * them: equal ratings tell of no preference. Replies that were broken off are not compared. Where the user edited a reply, its own text
 * stands against what it was given, whatever the marks.
 */
export function pairs(interaction: Interaction, margin: number): DpoRow[] {
  const { id, messages, alternatives = [], cut = [], choices, edits = [] } = interaction;
  const told = choices
    ? chosenPairs({ id, messages, alternatives, cut, choices })
    : ratedPairs(interaction, margin);
  return replyPlaces(messages).flatMap((at, exchange): DpoRow[] => {
    const edit = edits[exchange] ?? null;
    if (edit === null) return told.filter(({ source }) => source.exchange === exchange);
    return editPair({ id, exchange, prompt: messages.slice(0, at), given: messages[at]!.content, edit });
  });
}

/** The pairs of a conversation whose user marked several replies to a turn. */
function ratedPairs(
  { id, messages, ratings, alternatives = [], cut = [] }: Interaction,
  margin: number,
): DpoRow[] {
  return replyPlaces(messages).flatMap((at, exchange): DpoRow[] => {
    const given = {
      content: messages[at]!.content,
      rating: ratings[exchange] ?? null,
      cut: cut.includes(at),
    };
    const rated = [given, ...(alternatives[exchange] ?? [])].flatMap(({ content, rating, cut }) =>
      rating === null || cut ? [] : [{ content, rating }],
    );
    if (rated.length < 2) return [];
    const best = rated.reduce((a, b) => (b.rating > a.rating ? b : a));
    const others = rated.filter(({ content }) => content.trim() !== best.content.trim());
    if (others.length === 0) return [];
    const worst = others.reduce((a, b) => (b.rating < a.rating ? b : a));
    if (best.rating - worst.rating < margin) return [];
    return [
      {
        prompt: messages.slice(0, at),
        chosen: [{ role: "assistant", content: best.content }],
        rejected: [{ role: "assistant", content: worst.content }],
        source: { interaction: id, exchange },
      },
    ];
  });
}

/** The pairs of a conversation whose user chose between two replies to each turn. */
function chosenPairs({
  id,
  messages,
  alternatives,
  cut,
  choices,
}: Required<Pick<Interaction, "id" | "messages" | "alternatives" | "cut" | "choices">>): DpoRow[] {
  const places = replyPlaces(messages);
  return places.flatMap((at, exchange): DpoRow[] => {
    const choice = choices[exchange] ?? null;
    const other = alternatives[exchange]?.[0];
    if (choice === null || !other || other.cut || cut.includes(at)) return [];
    const two = [messages[at]!.content, other.content] as const;
    if (two[0].trim() === two[1].trim()) return [];
    const say = (content: string) => [{ role: "assistant" as const, content }];
    return [
      {
        prompt: messages.slice(0, at),
        chosen: say(two[choice]),
        rejected: say(two[choice === 0 ? 1 : 0]),
        source: { interaction: id, exchange },
      },
    ];
  });
}

/** What a user wrote in place of a reply, against that reply; none where it says the same. */
export function editPair({
  id,
  exchange,
  prompt,
  given,
  edit,
  reason,
}: {
  id: string;
  exchange: number;
  prompt: Message[];
  given: string;
  edit: string;
  reason?: string | null;
}): DpoRow[] {
  if (given.trim() === edit.trim()) return [];
  const say = (content: string) => [{ role: "assistant" as const, content }];
  return [
    {
      prompt,
      chosen: say(edit),
      rejected: say(given),
      source: { interaction: id, exchange, edited: true, ...(reason == null ? {} : { reason }) },
    },
  ];
}
