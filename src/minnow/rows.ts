import type { Random } from "../random.js";
import type { Episode } from "./language/episode.js";
import { encodeChat } from "./tokenizer.js";

/** A batch of packed rows: `ids` and `weights` are [rows x length]; `weights[t]` is the loss weight of predicting `ids[t]`. */
export type Batch = { rows: number; length: number; ids: Int32Array; weights: Float32Array };

export type RowOptions = {
  rows: number;
  length: number;
  /** Loss weight of what is not an assistant turn. */
  contextWeight: number;
  /** Episodes per row: as many as fit, or one. */
  fill: boolean;
};

/** Fills a batch from documents; a row ends before the first episode that does not fit whole. */
export function makeBatch(
  vocabulary: ReadonlyMap<string, number>,
  random: Random,
  document: (random: Random) => Iterator<Episode>,
  { rows, length, contextWeight, fill }: RowOptions,
): Batch {
  const ids = new Int32Array(rows * length);
  const weights = new Float32Array(rows * length);
  for (let row = 0; row < rows; row += 1) {
    const episodes = document(random);
    let at = 0;
    for (;;) {
      const { ids: next, learn } = encodeChat(vocabulary, episodes.next().value!.messages);
      if (at + next.length > length) {
        if (at === 0) continue;
        break;
      }
      for (let i = 0; i < next.length; i += 1) {
        ids[row * length + at + i] = next[i]!;
        weights[row * length + at + i] = learn[i]! === 1 ? 1 : contextWeight;
      }
      at += next.length;
      if (!fill) break;
    }
  }
  return { rows, length, ids, weights };
}
