import type { Interaction } from "../interaction/types.js";
import type { DpoRow } from "./types.js";

/**
 * DPO's pairs of a conversation: for each turn the reply that the user rated best and, of those that say something else, the
 * one it rated worst; the earlier sample where ratings are equal. None where fewer than `margin` rating points lie between
 * them: equal ratings tell of no preference. Replies that were broken off are not compared.
 */
export function pairs(
  { id, messages, ratings, alternatives = [], cut = [] }: Interaction,
  margin: number,
): DpoRow[] {
  const places = messages.flatMap(({ role }, at) => (role === "assistant" ? [at] : []));
  return places.flatMap((at, exchange): DpoRow[] => {
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
