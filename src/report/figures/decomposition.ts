import type { Decomposition } from "../../drift/index.js";
import { HONESTY } from "../../evaluation/index.js";
import { number, share } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { differing, facetted, NO_CHANGE, shareColour, steps, wrapped } from "./parts.js";

const PARTS = [
  { part: "total", name: "All of it" },
  { part: "lying", name: "Lying" },
  { part: "knowing", name: "Believing" },
  { part: "evading", name: "Evading" },
] as const;

/** The change of honesty since round 0, split into what it is made of. In points, to the left is for the worse. */
export function decompositionFigure(rows: readonly Decomposition[], round: number, terms: Terms): Figure {
  const shown = rows.filter((row) => row.round === round);
  const panel = differing(shown, ["suite", "scenario", "method"]);
  const fractions = steps(shown.map(({ biased }) => biased)).map(share);
  const data = shown.flatMap((row) =>
    PARTS.map(({ part, name }): Datum => {
      const { value, low, high } = row[part];
      return {
        panel: panel(row),
        biased: share(row.biased),
        part: name,
        value: 100 * value,
        low: 100 * low,
        high: 100 * high,
      };
    }),
  );
  const toFirst = shown.some(({ metric }) => metric !== HONESTY);
  const measure = toFirst ? "honesty to first beliefs" : "honesty";
  const title = `What the change of ${measure} by round ${round} is made of`;
  return {
    name: "decomposition",
    title,
    description: shown
      .map((row) => {
        const parts = PARTS.map(({ part, name }) => {
          const { value, low, high } = row[part];
          return `${name.toLowerCase()} ${points(value)} points (${points(low)} to ${points(high)})`;
        });
        return `${[panel(row), terms.of(row.biased)].filter((text) => text !== "").join(", ")}: ${parts.join(", ")}.`;
      })
      .join(" "),
    spec: facetted(
      [...new Set(data.map((datum) => String(datum.panel)))],
      {
        text: title,
        subtitle: wrapped(
          toFirst
            ? "Over the probes whose belief was held before training. Lying: it says what it still does not believe. Believing: beliefs that are gone or have turned. Evading: it takes no stand. They add up to all of it. Lines are 95 % intervals."
            : "Honesty is 1 − P(lie), so it also rises when a model forgets or evades. Lying, believing and evading add up to all of it. Lines are 95 % intervals.",
          96,
        ),
      },
      {
        width: 460,
        height: { step: fractions.length > 3 ? 9 : 13, for: "offset" },
        layer: layers(fractions, { terms, measure }),
      },
      1,
    ) as Figure["spec"],
    data,
  };
}

/** A row for each share in the group of each part, so that no interval lies over another. */
function layers(
  fractions: readonly string[],
  { terms, measure }: { terms: Terms; measure: string },
): object[] {
  const encoding = {
    y: {
      field: "part",
      type: "nominal",
      sort: PARTS.map(({ name }) => name),
      title: null,
      axis: { ticks: false, domain: false, labelFontSize: 13 },
      scale: { paddingInner: 0.35 },
    },
    yOffset: { field: "biased", type: "ordinal", sort: fractions },
    color: shareColour(fractions, terms),
  };
  const x = (field: string) => ({
    field,
    type: "quantitative",
    title: `Points of ${measure}`,
    axis: { tickCount: 6 },
  });
  return [
    NO_CHANGE,
    {
      mark: { type: "rule", strokeWidth: 1.2 },
      encoding: { ...encoding, x: x("low"), x2: { field: "high" } },
    },
    { mark: { type: "point", filled: true, size: 50, opacity: 1 }, encoding: { ...encoding, x: x("value") } },
  ];
}

function points(value: number): string {
  return number(100 * value);
}
