import type { PooledRow } from "../../drift/index.js";
import { type Catalogue, shippedCatalogue } from "../../evaluation/index.js";
import { share, withRange } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { PERCENT_AXIS, shareColour, steps, wrapped } from "./parts.js";
import { metricName } from "./words.js";

export type SubsetsOptions = {
  suite: string;
  metric: string;
  round: number;
  terms: Terms;
  catalogue?: Catalogue;
};

/** A metric in each subset of a suite after a round, e.g. deception by type. One scenario and method at a time. */
export function subsetsFigure(
  rows: readonly PooledRow[],
  { suite, metric, round, terms, catalogue = shippedCatalogue }: SubsetsOptions,
): Figure {
  const name = metricName(metric, catalogue);
  const shown = rows.filter(
    (row) => row.suite === suite && row.metric === metric && row.round === round && row.subset !== "all",
  );
  const fractions = steps(shown.map(({ biased }) => biased)).map(share);
  const subsets = [...new Set(shown.map(({ subset }) => subset))].sort();
  const data = shown.map(
    ({ biased, subset, value, low, high }): Datum => ({
      subset: spoken(subset),
      biased: share(biased),
      value,
      low,
      high,
    }),
  );
  const title = `${name} by type of ${suite} probe, after round ${round}`;
  const colour = shareColour(fractions, terms);
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: name,
    axis: PERCENT_AXIS,
    scale: { domain: [0, 1] },
  });
  const y = {
    field: "subset",
    type: "nominal",
    sort: subsets.map(spoken),
    title: null,
    axis: { ticks: false, domain: false, labelFontSize: 13 },
    scale: { paddingInner: 0.35 },
  };
  const yOffset = { field: "biased", type: "ordinal", sort: fractions };
  return {
    name: `${suite}-by-type`,
    title,
    description: shown
      .map((row) => `${spoken(row.subset)}, ${terms.of(row.biased)}: ${withRange(row)}.`)
      .join(" "),
    spec: {
      title: {
        text: title,
        subtitle: wrapped("Mean over seeds with 95 % intervals over seeds and probes.", 80),
      },
      width: 460,
      height: { step: 15, for: "offset" },
      layer: [
        {
          mark: { type: "rule", strokeWidth: 2, opacity: 0.55 },
          encoding: { y, yOffset, x: x("low"), x2: { field: "high" }, color: colour },
        },
        {
          mark: { type: "point", filled: true, size: 60, opacity: 1 },
          encoding: { y, yOffset, x: x("value"), color: colour },
        },
      ],
    } as Figure["spec"],
    data,
  };
}

function spoken(subset: string): string {
  return subset.replaceAll("_", " ");
}
