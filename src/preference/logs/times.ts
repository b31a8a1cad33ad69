import { OffScale } from "./conversation.js";
import type { LogSettings } from "./types.js";
import { isNone, shown } from "./values.js";
import { worded } from "./worded.js";

/** A day and a month of which nobody can tell which is which, and a year. */
const DAY_OR_MONTH = /^\s*(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})(?!\d),?/u;
const YEAR_FIRST = /^\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?!\d)/u;
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const MONTH = new RegExp(String.raw`\b(${MONTHS.join("|")})[a-z]*\b`, "iu");
const ZONE = /(?:Z|UTC|GMT|\b[ECMP][SD]T|(?:GMT|[\s\d])[+-]\d\d(?::?\d\d)?)\s*(?:\([^)]*\))?\s*$/iu;

/** Milliseconds in a second, a millisecond, a microsecond and a nanosecond: no number is a time of these years in two of them. */
const UNITS = [1000, 1, 1e-3, 1e-6];
const YEARS = [Date.UTC(1990), Date.UTC(2100)] as const;

/**
 * When something was said, in milliseconds since 1970: a date, or seconds (or milliseconds and less) since then as a number. Where no zone is
 * told it is UTC's, wherever it is read. Null where nothing is said. Throws an OffScale where it cannot be read for sure, since the order of
 * rounds hangs on it.
 */
export function timeOf(value: unknown, dates?: DateOrder): number | null {
  if (isNone(value)) return null;
  const time = parsedTime(dates === undefined ? value : yearFirst(value, dates));
  if (time !== null) return time;
  const write = "write 2026-03-14 or 2026-03-14T15:09:26Z, or seconds since 1970, or leave the column out";
  throw new OffScale(
    dates === undefined && DAY_OR_MONTH.test(worded(value))
      ? `a time that tells not which of its numbers is the month; say source.dates: day_first or month_first, or ${write}`
      : `a time that is none${dates === undefined ? "" : ` by source.dates: ${dates}`}; ${write}`,
    shown(value),
  );
}

/** Which of two numbers is the day. */
type DateOrder = NonNullable<LogSettings["dates"]>;

/** A date whose parts stand in the order that the scenario names, with its year first; anything else as it is. */
function yearFirst(value: unknown, dates: DateOrder): unknown {
  const [whole, one, two, year] = DAY_OR_MONTH.exec(worded(value)) ?? [];
  if (whole === undefined) return value;
  const [day, month] = dates === "day_first" ? [one, two] : [two, one];
  const century = year!.length === 2 ? "20" : "";
  return `${century}${year}-${month}-${day}${worded(value).slice(whole.length)}`;
}

/** Whether a time is written as a date of a day with an hour that tells no zone, and so is taken for UTC's. */
export function lacksZone(value: unknown): boolean {
  if (typeof value !== "string" || !Number.isNaN(Number(value))) return false;
  const rest = value.replace(YEAR_FIRST, "").replace(DAY_OR_MONTH, "");
  return /\d/u.test(rest) && !ZONE.test(rest);
}

function parsedTime(value: unknown): number | null {
  if (value instanceof Date) return told(value.getTime());
  if (typeof value === "number" || typeof value === "bigint") return ofNumber(Number(value));
  const words = worded(value);
  return Number.isNaN(Number(words)) ? ofWords(words) : ofNumber(Number(words));
}

function ofNumber(number: number): number | null {
  const [first, last] = YEARS;
  return UNITS.map((unit) => number * unit).find((time) => time >= first && time < last) ?? null;
}

function ofWords(words: string): number | null {
  const day = YEAR_FIRST.exec(words);
  const [, year, month, date] = day ?? withMonth(words) ?? [];
  // The 30th of February is read as the 2nd of March otherwise, and "week 3" as a day of 2001.
  if (date === undefined || Number(date) > daysIn(Number(year), Number(month))) return null;
  const rest = day ? words.slice(day[0].length) : words;
  if (ZONE.test(rest)) return told(Date.parse(words));
  return told(Date.parse(`${words.trimEnd()}${/^T/iu.test(rest) ? "Z" : " UTC"}`));
}

/** Year, month and day of a date that has its month in words. */
function withMonth(words: string): [string, string, string, string] | null {
  const month = MONTH.exec(words)?.[1];
  const year = /\b\d{4}\b/u.exec(words)?.[0];
  const date = /(?<![\d:])\d{1,2}(?![\d:])/u.exec(words)?.[0];
  if (month === undefined || year === undefined || date === undefined) return null;
  return [words, year, String(MONTHS.indexOf(month.toLowerCase()) + 1), date];
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

const told = (time: number): number | null => (Number.isNaN(time) ? null : time);
