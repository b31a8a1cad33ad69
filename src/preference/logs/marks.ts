import type { Mapping } from "./columns.js";
import { opened, valueAt } from "./columns.js";
import { OffScale, Unusable } from "./conversation.js";
import { thumbOf } from "./thumbs.js";
import type { LogRecord, LogSettings } from "./types.js";
import { isNone, scalar, shown } from "./values.js";
import { worded } from "./worded.js";

/** A number as people write it: what else JavaScript takes for one ("0x5", a blank, true) is no mark. */
const PLAIN = /^\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)\s*$/u;

/** A number as many write it where the point parts thousands. */
const COMMA = /^\s*[+-]?\d+,\d+\s*$/u;

/**
 * The mark that a row gives its reply, from 0 to 1; null where it gives none. Throws an Unusable where a mark
 * cannot be read, an OffScale where it is none that the scenario says there are.
 */
export function markOf(
  { value }: LogRecord,
  mapping: Mapping,
  { scale, thumbs }: Pick<LogSettings, "scale" | "thumbs">,
): number | null {
  const told = (path: string | undefined): unknown =>
    path === undefined ? undefined : opened(valueAt(value, path));
  const thumb = told(mapping.thumbs);
  const stars = told(mapping.stars);
  const mark = thumb === undefined ? null : thumbOf(thumb, thumbs);
  if (mark !== null) return mark;
  if (stars === undefined || isNone(stars)) return null;
  const [low, high] = scale;
  const given = scalar(stars);
  const number = typeof given === "number" || PLAIN.test(worded(given)) ? Number(given) : Number.NaN;
  if (COMMA.test(worded(given)))
    throw new Unusable(`a mark with a comma (${shown(stars)}); numbers have a point, such as 4.5`);
  if (!Number.isFinite(number)) throw new Unusable(`a mark that is no number (${shown(stars)})`);
  if (number < low || number > high)
    throw new OffScale(
      `a mark outside of source.scale [${low}, ${high}]; give the lowest and the highest mark that users could give, or take the row out`,
      shown(stars),
    );
  return (number - low) / (high - low);
}
