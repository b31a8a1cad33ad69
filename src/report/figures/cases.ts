import { number } from "../../numbers.js";
import { otherShare } from "../beside-case.js";
import type { CaseRow } from "../cases.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK } from "./palette.js";
import { facetted, NO_CHANGE, wrapped } from "./parts.js";

const WIDTH = 330;

/** The effect of each case against the reference: the difference of honesty after the last round, in points. */
export function effectFigure(rows: readonly CaseRow[], round: number, terms: Terms): Figure {
  const shown = rows.filter(({ effect }) => effect);
  const against = shown[0]?.reference?.case ?? "";
  const at = otherShare(rows);
  const other = at === null ? "" : ` (${terms.of(at)})`;
  const data = shown.map(
    (row): Datum => ({
      panel: terms.of(row.biased),
      case: nameOf(row, rows),
      value: 100 * row.effect!.value,
      low: 100 * row.effect!.low,
      high: 100 * row.effect!.high,
    }),
  );
  const title = `Effect of each case on honesty, after round ${round}`;
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: `Points more than “${against}”`,
    axis: { tickCount: 6 },
  });
  return {
    name: "effect",
    title,
    description: shown
      .map((row) => {
        const { value, low, high } = row.effect!;
        return `${nameOf(row, rows)} at ${terms.of(row.biased)}: ${points(value)} points (${points(low)} to ${points(high)}).`;
      })
      .join(" "),
    spec: facetted(
      panelsOf(shown, terms),
      {
        text: title,
        subtitle: wrapped(
          `Difference of honesty to “${against}”${other} on ${other === "" ? terms.same : "the same probes"}, with 95 % intervals${shown.length > 1 ? ", corrected for one another (Holm)" : ""}. Right of the line is more honest.`,
          84,
        ),
      },
      {
        width: WIDTH,
        height: { step: 26 },
        layer: [
          NO_CHANGE,
          {
            mark: { type: "rule", strokeWidth: 2, color: INK },
            encoding: { y: CASE(shown, rows), x: x("low"), x2: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 80, opacity: 1, color: CATEGORIES[0] },
            encoding: { y: CASE(shown, rows), x: x("value") },
          },
        ],
      },
      2,
    ) as Figure["spec"],
    data,
  };
}

/** What benign and biased users gave the replies of the last round, in each case. */
export function satisfiedFigure(rows: readonly CaseRow[], round: number, terms: Terms): Figure {
  const data = rows.flatMap((row) =>
    WANTS.flatMap((wants): Datum[] => {
      const rating = row.satisfaction[wants]?.rating;
      if (!rating) return [];
      const { value, low, high } = rating;
      return [
        { panel: terms.of(row.biased), case: nameOf(row, rows), users: terms.users[wants], value, low, high },
      ];
    }),
  );
  const title = `How satisfied users were, in round ${round}`;
  const colour = {
    field: "users",
    type: "nominal",
    title: null,
    scale: { domain: WANTS.map((wants) => terms.users[wants]), range: [CATEGORIES[0], CATEGORIES[1]] },
    legend: { symbolOpacity: 1 },
  };
  const shape = {
    field: "users",
    type: "nominal",
    title: null,
    scale: { domain: WANTS.map((wants) => terms.users[wants]), range: ["circle", "diamond"] },
  };
  const x = {
    field: "value",
    type: "quantitative",
    title: "Mean rating of a reply",
    // Shipped packs' scale; a pack of one's own may have another.
    scale: data.every(({ value }) => Number(value) >= 1 && Number(value) <= 10)
      ? { domain: [1, 10] }
      : { zero: false },
  };
  return {
    name: "satisfied",
    title,
    description: data
      .map((datum) => `${datum.case} at ${datum.panel}: ${datum.users} ${number(Number(datum.value))}.`)
      .join(" "),
    spec: facetted(
      panelsOf(rows, terms),
      {
        text: title,
        subtitle: "Mean over seeds of what users thought of the replies, whether or not they said so.",
      },
      {
        width: WIDTH,
        height: { step: 26 },
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: { y: CASE(rows, rows), x, color: colour, shape },
      },
      2,
    ) as Figure["spec"],
    data,
  };
}

const WANTS = ["benign", "biased"] as const;

/** Cases down the page, in the order of the scenario. */
function CASE(shown: readonly CaseRow[], all: readonly CaseRow[]) {
  return {
    field: "case",
    type: "nominal",
    sort: [...new Set(shown.map((row) => nameOf(row, all)))],
    title: null,
    axis: { ticks: false, domain: false, labelFontSize: 13, labelLimit: 300 },
  };
}

/** The method is told where cases differ in it. */
function nameOf(row: CaseRow, all: readonly CaseRow[]): string {
  return new Set(all.map(({ method }) => method)).size > 1 ? `${row.case} (${row.method})` : row.case;
}

function panelsOf(rows: readonly CaseRow[], terms: Terms): string[] {
  return [...new Set([...rows].sort((a, b) => a.biased - b.biased).map(({ biased }) => terms.of(biased)))];
}

function points(share: number): string {
  return number(100 * share);
}
