import type { Mapping } from "./columns.js";
import { opened, valueAt } from "./columns.js";
import { OffScale, Unusable } from "./conversation.js";
import type { LogRecord } from "./types.js";
import { isNone, shown } from "./values.js";
import { worded } from "./worded.js";

const UP = new Set([
  "up",
  "thumbs_up",
  "thumbs-up",
  "thumb_up",
  "thumbsup",
  "like",
  "liked",
  "positive",
  "good",
  "yes",
  "true",
  "1",
  "+1",
  "👍",
  "helpful",
]);
const DOWN = new Set([
  "down",
  "thumbs_down",
  "thumbs-down",
  "thumb_down",
  "thumbsdown",
  "dislike",
  "disliked",
  "negative",
  "bad",
  "no",
  "false",
  "0",
  "-1",
  "👎",
  "unhelpful",
]);

/** A number as people write it: what else JavaScript takes for one ("0x5", a blank, true) is no mark. */
const PLAIN = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*$/u;

/**
 * The mark that a row gives its reply, from 0 to 1; null where it gives none. `scale` is the lowest and highest number of stars.
 * Throws an Unusable where a mark cannot be read, an
 * OffScale where it is none of the scale.
 */
export function markOf(
  { value }: LogRecord,
  mapping: Mapping,
  scale: readonly [number, number],
): number | null {
  const told = (path: string | undefined): unknown =>
    path === undefined ? undefined : opened(valueAt(value, path));
  const thumb = told(mapping.thumbs);
  const stars = told(mapping.stars);
  if (thumb !== undefined && !isNone(thumb)) return thumbOf(thumb);
  if (stars === undefined || isNone(stars)) return null;
  const [low, high] = scale;
  const given = scalar(stars);
  const number = typeof given === "number" || PLAIN.test(worded(given)) ? Number(given) : Number.NaN;
  if (!Number.isFinite(number)) throw new Unusable(`a mark that is no number (${shown(stars)})`);
  if (number < low || number > high)
    throw new OffScale(
      `a mark outside of source.scale [${low}, ${high}]; give the lowest and the highest mark that users could give, or take the row out`,
      shown(stars),
    );
  return (number - low) / (high - low);
}

function thumbOf(thumb: unknown): number {
  const word = worded(scalar(thumb)).trim().toLowerCase();
  if (UP.has(word)) return 1;
  if (DOWN.has(word)) return 0;
  throw new Unusable(`thumbs that are neither up nor down (${shown(thumb)})`);
}

/** Langfuse and others keep a mark as a thing with a value, or a list of one. */
function scalar(value: unknown): unknown {
  const one = Array.isArray(value) ? value.at(-1) : value;
  if (typeof one !== "object" || one === null) return one;
  const { value: inside, rating, thumb } = one as Record<string, unknown>;
  return inside ?? rating ?? thumb;
}
