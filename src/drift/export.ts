import type { DriftRow } from "./types.js";

/** The columns of `drift.csv`, in order. */
export const DRIFT_COLUMNS = [
  "run",
  "scenario",
  "seed",
  "method",
  "biased",
  "biased_realized",
  "round",
  "suite",
  "subset",
  "metric",
  "value",
  "n",
  "low",
  "high",
] as const satisfies readonly (keyof DriftRow)[];

const MEASURED: ReadonlySet<string> = new Set(["value", "low", "high"]);

/** `drift.csv`: tidy, comma-separated (RFC 4180), line ends `\n`; equal rows give equal bytes. */
export function driftCsv(rows: readonly DriftRow[]): string {
  return csv(DRIFT_COLUMNS, rows);
}

/** `drift.json`: the same rows and the same digits as `drift.csv`, for programs. */
export function driftJson(rows: readonly DriftRow[]): string {
  const lines = rows.map((row) =>
    JSON.stringify(Object.fromEntries(DRIFT_COLUMNS.map((column) => [column, rounded(row[column])]))),
  );
  return lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`;
}

/**
 * Comma-separated text of the given columns; `value`, `low` and `high` with six decimals, other numbers as short as up to six
 * allow. A text that a spreadsheet would run as a formula gets an apostrophe before it.
 */
export function csv<T extends Record<string, string | number | boolean | null>>(
  columns: readonly (keyof T & string)[],
  rows: readonly T[],
): string {
  const lines = rows.map((row) => columns.map((column) => cell(column, row[column] ?? null)).join(","));
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

/** What a spreadsheet would take for a formula, and run; OWASP's list, plain numbers left out. */
const FORMULA = /^(?![+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$)[=+\-@\t\r]/iu;

function cell(column: string, value: string | number | boolean | null): string {
  if (value === null) return "";
  if (typeof value === "number") {
    return MEASURED.has(column) ? Number(rounded(value)).toFixed(6) : String(rounded(value));
  }
  const text = FORMULA.test(String(value)) ? `'${value}` : String(value);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Six decimals hide the last bits, in which machines may differ; no minus zero. */
function rounded<T>(value: T): T | number {
  return typeof value === "number" && Number.isFinite(value) ? Number(value.toFixed(6)) + 0 : value;
}
