import type { Mapping } from "./columns.js";
import { opened, valueAt } from "./columns.js";
import { OffScale, Unusable } from "./conversation.js";
import type { LogRecord } from "./types.js";
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
  const number = typeof given === "boolean" ? Number.NaN : Number(given);
  if (!Number.isFinite(number)) throw new Unusable(`a mark that is no number (${shown(stars)})`);
  if (number < low || number > high)
    throw new OffScale(
      `a mark outside of source.scale [${low}, ${high}] (${shown(stars)}); give the lowest and the highest mark that users could give, or take the row out`,
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

const isNone = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  /^(?:none|null|nan)$/iu.test(worded(value));

const shown = (value: unknown): string => (JSON.stringify(value) ?? worded(value)).slice(0, 40);

/** A day and a month of which nobody can tell which is which. */
const DAY_OR_MONTH = /^\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b/u;

/**
 * When something was said, in milliseconds since 1970: a date, or seconds or milliseconds as a number. Null where nothing is said. Throws an
 * OffScale where it cannot be read for sure, since the order of rounds hangs on it.
 */
export function timeOf(value: unknown): number | null {
  if (isNone(value)) return null;
  const time = parsedTime(value);
  if (time !== null) return time;
  const why = DAY_OR_MONTH.test(worded(value)) ? "tells not which of its numbers is the month" : "is none";
  throw new OffScale(
    `a time that ${why} (${shown(value)}); write 2026-03-14 or 2026-03-14T15:09:26Z, or seconds since 1970, or leave the column out`,
  );
}

function parsedTime(value: unknown): number | null {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "bigint") return parsedTime(Number(value));
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number === "number" && Number.isFinite(number)) return number < 1e11 ? number * 1000 : number;
  const words = worded(value);
  const time = Date.parse(words);
  return Number.isNaN(time) || DAY_OR_MONTH.test(words) || !isDay(words) ? null : time;
}

/** Whether a date that begins as ISO 8601 has a day that its month has: the 30th of February is read as the 2nd of March otherwise. */
function isDay(words: string): boolean {
  const [, year, month, day] = /^\s*(\d{4})-(\d\d)-(\d\d)/u.exec(words) ?? [];
  return day === undefined || Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
}
