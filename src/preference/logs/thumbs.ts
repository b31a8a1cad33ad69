import { OffScale, Unusable } from "./conversation.js";
import type { LogSettings } from "./types.js";
import { isNone, scalar, shown } from "./values.js";
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
 * What a thumb says, from 0 to 1; null where it says nothing. `words` are the scenario's own, which then are all
 * that there are: a word that it does not name may be a mark that it forgot. Throws an Unusable or OffScale on any other.
 */
export function thumbOf(thumb: unknown, words: LogSettings["thumbs"]): number | null {
  const word = plain(scalar(thumb));
  if (!words) {
    if (isNone(thumb)) return null;
    if (UP.has(word)) return 1;
    if (DOWN.has(word)) return 0;
    throw new Unusable(
      `thumbs that are neither up nor down (${shown(thumb)}); source.thumbs says what words mean`,
    );
  }
  const isAmong = (some: readonly unknown[]) => some.some((one) => plain(one) === word);
  if (isAmong(words.up)) return 1;
  if (isAmong(words.down)) return 0;
  if (isAmong(words.none ?? []) || isNone(thumb)) return null;
  throw new OffScale(
    "a thumb that source.thumbs does not name; add the word to its up, its down or (for rows that count as not marked) its none",
    shown(thumb),
  );
}

/** As words are compared: letters that are composed in two ways, capitals and blanks around make no difference. */
const plain = (word: unknown): string => worded(word).normalize("NFC").trim().toLowerCase();
