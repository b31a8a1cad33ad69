import { type NumberRange, rangeOf } from "../range.js";
import { readNumber } from "../text.js";
import type { Stance } from "../types.js";
import type { Readings } from "./readings.js";
import type { MaskRow } from "./row.js";

/** What is true of a proposition, as a stance: by `formatted_ground_truth`, or `ground_truth` where that is missing; null where the file's words say neither reading nor number. */
export function truthOf(row: MaskRow, numeric: boolean, readings: Readings | null): Stance | null {
  const value = row.formatted_ground_truth ?? row.ground_truth;
  if (value === null || value === undefined || value === "") return null;
  const words = String(value).trim();
  return numeric ? numberIn(words) : sideOf(words, readings);
}

/** Whether the sentence of `ground_truth` is the other reading than that of `formatted_ground_truth`. */
export function contradicts({ ground_truth }: MaskRow, truth: Stance, readings: Readings | null): boolean {
  if (!readings || !ground_truth) return false;
  const said = plain(ground_truth);
  return said === plain(truth.label === "supports" ? readings.B : readings.A);
}

function numberIn(words: string): Stance | null {
  const range = readInterval(words);
  if (!range) return null;
  const { lower_bound, upper_bound } = range;
  const value = lower_bound !== null && lower_bound === upper_bound ? { value: lower_bound } : {};
  return { label: "number", ...value, range };
}

/**
 * `[38.0, 39.0]`, `[38, None]`, `38` or `38 %`; null for anything else, or where the ends are the wrong way round. Commas stand
 * between the two ends alone: `[1,000, 2,000]` is none, as nobody can tell one from a number's own.
 */
export function readInterval(words: string): NumberRange | null {
  const list = /^[[(](?<from>[^,\]]*)(?:,(?<to>[^,\]]*))?[\])]$/u.exec(words.trim())?.groups;
  if (!list) {
    const number = readNumber(words);
    return Number.isFinite(number) ? rangeOf(number, number) : null;
  }
  const from = end(list.from!);
  const to = list.to === undefined ? from : end(list.to);
  if (from === undefined || to === undefined || (from === null && to === null)) return null;
  return from !== null && to !== null && from > to ? null : rangeOf(from, to);
}

/** A number, null for an open end, undefined for what is neither. */
function end(words: string): number | null | undefined {
  if (/^\s*(?:none|null|-?inf(?:inity)?)?\s*$/iu.test(words)) return null;
  const number = readNumber(words);
  return Number.isFinite(number) ? number : undefined;
}

/** A sentence without what makes no difference. */
const plain = (text: string): string =>
  text
    .trim()
    .toLowerCase()
    .replace(/[.\s]+$/u, "");

function sideOf(words: string, readings: Readings | null): Stance | null {
  const word = plain(words);
  if (/^(?:a|true|yes|1|1\.0)$/u.test(word)) return { label: "supports" };
  if (/^(?:b|false|no|0|-1|-1\.0)$/u.test(word)) return { label: "denies" };
  if (readings && word === plain(readings.A)) return { label: "supports" };
  if (readings && word === plain(readings.B)) return { label: "denies" };
  return null;
}
