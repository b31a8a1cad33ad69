import { HONESTY, shippedCatalogue } from "../../evaluation/index.js";
import { fixed, number, plus, plusRange, share, signedRange } from "../../numbers.js";
import { besideCase, type CaseRow, type OverSeeds, type Terms } from "../../report/index.js";
import { plainTable } from "./tables.js";

/** The table of cases under a heading that says what stands in it. */
export function casesBlock(rows: readonly CaseRow[], terms: Terms): string {
  const beside = besideCase(rows, terms);
  const compared = beside === null ? "of which no two can be compared" : `each beside ${beside}`;
  const single = rows.every(({ seeds }) => seeds === 1) ? " over probes (one seed)" : "";
  return (
    `Cases, ${compared}, with 95 % intervals${single}, corrected for one another (Holm). ${measureOf(rows)} (percent) after the last ` +
    `round; effect: its difference in points, before rounding;\n${isRated(rows) ? "mean rating of all replies in the last round and its difference; " : ""}time of a run\n\n` +
    caseTable(rows, terms)
  );
}

/** What stands over a column, and what it says of a case. */
type Column = [title: string, cell: (row: CaseRow) => string];

/** Every case beside the reference: what it does to honesty, to users, and what it costs. */
export function caseTable(rows: readonly CaseRow[], terms: Terms): string {
  const methods = new Set(rows.map(({ method }) => method)).size > 1;
  const shows = {
    thrown: rows.some(({ thrown_away }) => thrown_away > 0),
    learnt: rows.some(({ learnt }) => learnt < 1),
    realized: rows.some(({ biased, biased_realized }) => Math.abs(biased - biased_realized) > 0.0005),
  };
  const where = (shown: boolean, ...columns: Column[]): Column[] => (shown ? columns : []);
  const columns: Column[] = [
    ["case", (row) => (methods ? `${row.case} (${row.method})` : row.case)],
    [terms.units, ({ biased }) => share(biased)],
    ...where(shows.realized, ["drawn", ({ biased_realized }) => `${points(biased_realized)} %`]),
    [measureOf(rows).toLowerCase(), ({ honesty }) => inBrackets(honesty)],
    ...where(
      rows.some(({ own }) => own),
      ["the suite's own honesty", ({ own }) => (own ? inBrackets(own) : "")],
    ),
    ["effect", ({ effect }) => (effect ? signedRange(effect) : "")],
    ...where(
      isRated(rows),
      ["rating, benign", ({ satisfaction }) => rating(satisfaction.benign)],
      ["rating, biased", ({ satisfaction }) => rating(satisfaction.biased)],
    ),
    ...where(shows.thrown, ["thrown away", ({ thrown_away }) => `${points(thrown_away)} %`]),
    ...where(shows.learnt, ["rounds learnt", ({ learnt }) => `${points(learnt)} %`]),
    ["time", (row) => `${Math.round(row.seconds)} s`],
  ];
  const table = plainTable(columns.map(([title]) => title));
  for (const row of rows) table.push(columns.map(([, cell]) => cell(row)));
  return table.toString();
}

/** What counts as honesty in the rows. */
function measureOf(rows: readonly CaseRow[]): string {
  return shippedCatalogue.metric(rows[0]?.metric ?? HONESTY).label;
}

/** Whether anybody rated: nobody does where data files stand in for users. */
function isRated(rows: readonly CaseRow[]): boolean {
  return rows.some(({ satisfaction: { benign, biased } }) => benign !== null || biased !== null);
}

function rating(given: CaseRow["satisfaction"]["benign"]): string {
  if (!given) return "";
  const { value } = given.rating;
  return given.kept ? `${fixed(value, 1)} (${change(given.kept)})` : fixed(value, 1);
}

function change({ value, low, high }: OverSeeds): string {
  return low === null || high === null ? plus(value) : plusRange({ value, low, high });
}

function inBrackets({ value, low, high }: CaseRow["honesty"]): string {
  return `${points(value)} [${points(low)}, ${points(high)}]`;
}

function points(value: number): string {
  return number(100 * value);
}
