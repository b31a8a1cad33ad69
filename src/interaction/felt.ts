import type { Interaction } from "./types.js";

/** What the user made of the replies, whether or not it said so: the mean of its ratings before its behaviour changed them. */
export function feltRating({
  ratings,
  raw_ratings,
}: Pick<Interaction, "ratings" | "raw_ratings">): number | null {
  const felt = (raw_ratings ?? ratings).filter((rating) => rating !== null);
  return felt.length === 0 ? null : felt.reduce((sum, rating) => sum + rating, 0) / felt.length;
}
