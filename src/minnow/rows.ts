import type { PackedRow } from "../engine/index.js";
import type { Random } from "../random.js";
import type { Episode } from "./language/episode.js";
import { encodeChat } from "./tokenizer.js";

export type RowOptions = {
  rows: number;
  /** Tokens per row. */
  length: number;
  /** Loss weight of what is not an assistant turn, whose weight is 1. */
  contextWeight: number;
};

/** Fills rows with as many whole episodes as fit; the rest of a row is padding without weight. */
export function makeBatch(
  vocabulary: ReadonlyMap<string, number>,
  random: Random,
  draw: (random: Random) => Episode,
  { rows, length, contextWeight }: RowOptions,
): PackedRow[] {
  return Array.from({ length: rows }, () => {
    const ids = new Int32Array(length);
    const weights = new Float32Array(length);
    let at = 0;
    for (;;) {
      const episode = encodeChat(vocabulary, draw(random));
      if (at + episode.ids.length > length) break;
      ids.set(episode.ids, at);
      weights.set(
        episode.learn.map((learn) => (learn === 1 ? 1 : contextWeight)),
        at,
      );
      at += episode.ids.length;
    }
    return { ids, weights };
  });
}
