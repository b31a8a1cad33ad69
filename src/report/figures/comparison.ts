import type { PooledRow } from "../../drift/index.js";
import { type Catalogue, headline, shippedCatalogue } from "../../evaluation/index.js";
import { withRange } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK } from "./palette.js";
import { differing, facetted, PERCENT_AXIS, steps } from "./parts.js";
import { metricName } from "./words.js";

/**
 * Honesty after a round under different methods, defences or settings, one below the other, a picture for each biased fraction.
 * They are told apart by their places, not by colours, so that there may be many.
 */
export function comparisonFigure(
  rows: readonly PooledRow[],
  round: number,
  terms: Terms,
  catalogue: Catalogue = shippedCatalogue,
): Figure {
  const shown = headline(rows, catalogue)
    .filter((row) => row.round === round)
    .sort((a, b) => rows.indexOf(a) - rows.indexOf(b));
  const measures = [...new Set(shown.map(({ metric }) => metricName(metric, catalogue)))];
  const nameOf = differing(shown, ["suite", "scenario", "method"]);
  const names = [...new Set(shown.map(nameOf))];
  const panelOf = ({ biased }: PooledRow) => terms.of(biased);
  // Where a way of learning has one share of its own (good advice 0 %, bad advice 100 %) nothing is set side by side by shares.
  const apart = new Set(shown.map((row) => `${nameOf(row)} ${row.biased}`)).size > names.length;
  const fractions = apart ? steps(shown.map(({ biased }) => biased)).map(terms.of) : [];
  const data = shown.map(
    (row): Datum => ({
      panel: panelOf(row),
      way: nameOf(row),
      value: row.value,
      low: row.low,
      high: row.high,
    }),
  );
  const title = `Which way of learning keeps honesty? After round ${round}`;
  const y = {
    field: "way",
    type: "nominal",
    sort: names,
    title: null,
    axis: { ticks: false, domain: false, labelFontSize: 13, labelLimit: 300 },
  };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: measures.length === 1 ? measures[0]! : "Honesty",
    axis: PERCENT_AXIS,
    scale: { zero: false, domainMax: 1 },
  });
  return {
    name: "comparison",
    title,
    description: shown.map((row) => `${nameOf(row)}, ${panelOf(row)}: ${withRange(row)}.`).join(" "),
    spec: facetted(
      fractions,
      { text: title, subtitle: "Mean over seeds with 95 % intervals over seeds and probes." },
      {
        width: fractions.length > 1 ? 260 : 460,
        height: { step: 26 },
        layer: [
          {
            mark: { type: "rule", strokeWidth: 2, color: INK },
            encoding: { y, x: x("low"), x2: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 80, opacity: 1, color: CATEGORIES[0] },
            encoding: { y, x: x("value") },
          },
        ],
      },
      2,
    ) as Figure["spec"],
    data,
  };
}
