import { csv } from "../../drift/index.js";
import type { Datum } from "../figures/index.js";
import { type Html, html } from "./html.js";

export type Column = {
  key: string;
  label: string;
  /** What a cell shows; its value sorts it. */
  show?: (row: Datum) => string;
};

/** A table whose columns sort, with its rows as CSV. `caption` says what it holds. */
export function table(options: {
  name: string;
  caption: string;
  columns: readonly Column[];
  rows: readonly Datum[];
  /** Columns of the CSV; all of the rows' fields if absent. */
  csv?: readonly string[];
}): Html {
  const { name, caption, rows } = options;
  if (rows.length === 0) return html``;
  const columns = telling(options.columns, rows);
  const fields = options.csv ?? Object.keys(rows[0]!);
  return html`<div class="table">
<div class="scroll" tabindex="0" role="group" aria-label="${caption}">
<table class="sortable">
<caption>${caption}</caption>
<thead><tr>${columns.map(({ key, label }) => html`<th scope="col"${typeof rows[0]![key] === "number" && html` class="number"`}><button type="button">${label}</button></th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${columns.map((column) => cell(column, row))}</tr>\n`)}</tbody>
</table></div>
<p class="downloads">${download(`${name}.csv`, "text/csv", csv(fields, rows.map(harmless)), "CSV")}</p>
</div>`;
}

/** Names that are the same in every row of several tell nothing; the CSV has them. */
function telling(columns: readonly Column[], rows: readonly Datum[]): readonly Column[] {
  if (rows.length < 2) return columns;
  return columns.filter(
    ({ key }) => typeof rows[0]![key] !== "string" || rows.some((row) => row[key] !== rows[0]![key]),
  );
}

/** A link that saves text to a file, without a network. */
export function download(file: string, type: string, text: string, label: string): Html {
  const data = `data:${type};base64,${Buffer.from(text, "utf8").toString("base64")}`;
  return html`<a class="download" download="${file}" href="${data}">${label}<span class="unseen"> of ${file}</span></a>`;
}

function cell({ key, show }: Column, row: Datum): Html {
  const value = row[key] ?? null;
  const text = show ? show(row) : value === null ? "" : String(value);
  return typeof value === "number"
    ? html`<td class="number" data-value="${value}">${text}</td>`
    : html`<td>${text}</td>`;
}

/** Spreadsheets run text that begins like a formula. */
function harmless(row: Datum): Datum {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "string" && /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value,
    ]),
  );
}
