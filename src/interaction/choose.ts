import { stream } from "../random.js";
import type { Alternative } from "./types.js";

/**
 * Which of two replies to each turn the user prefers: 0 the one that was given, 1 the other; the one it would mark higher, by a named
 * coin where it would mark both alike. Null where it would mark one of them not at all.
 */
export function choicesOf(
  ratings: readonly (number | null)[],
  alternatives: readonly (readonly Pick<Alternative, "rating">[])[],
  seed: string,
): (0 | 1 | null)[] {
  return ratings.map((given, reply) => {
    const other = alternatives[reply]?.[0]?.rating ?? null;
    if (given === null || other === null) return null;
    if (given === other) return stream(`${seed}/choice/${reply + 1}`)() < 0.5 ? 0 : 1;
    return given > other ? 0 : 1;
  });
}

/** A reply of which no mark was given: what the user felt stays. */
export function unmarked({ rating, raw_rating, ...reply }: Alternative): Alternative {
  return { ...reply, rating: null, raw_rating: raw_rating === undefined ? rating : raw_rating };
}
