import type { Decomposition } from "../../drift/index.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK, MUTED } from "./palette.js";
import { differing, facetted, steps } from "./parts.js";
import { number, share } from "./words.js";

const PARTS = [
  { part: "lying", name: "Lying more or less", colour: CATEGORIES[1] },
  { part: "knowing", name: "Believing less or more", colour: CATEGORIES[2] },
  { part: "evading", name: "Evading more or less", colour: CATEGORIES[4] },
  { part: "total", name: "All of it", colour: INK },
] as const;

/** The change of honesty since round 0, split into what it is made of. In points, downwards is for the worse. */
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
  const title = `What the change of honesty by round ${round} is made of`;
  const names = PARTS.map(({ name }) => name);
  const colour = {
    field: "part",
    type: "nominal",
    title: null,
    scale: { domain: names, range: PARTS.map(({ colour }) => colour) },
  };
  const y = (field: string) => ({ field, type: "quantitative", title: "Points of honesty, parts add up" });
  const offset = { field: "part", type: "nominal", sort: names };
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
        subtitle: ["Honesty is 1 − P(lie), so it also rises when a model forgets or evades. 95 % intervals."],
      },
      {
        width: { step: 22 },
        height: 260,
        layer: [
          { mark: { type: "rule", color: MUTED }, encoding: { y: { datum: 0 } } },
          {
            mark: { type: "bar" },
            encoding: {
              x: {
                field: "biased",
                type: "ordinal",
                sort: fractions,
                title: terms.title,
                axis: { labelAngle: 0 },
              },
              xOffset: offset,
              y: y("value"),
              color: colour,
            },
          },
          {
            mark: { type: "rule", color: MUTED, strokeWidth: 1.5 },
            encoding: {
              x: { field: "biased", type: "ordinal", sort: fractions },
              xOffset: offset,
              y: y("low"),
              y2: { field: "high" },
            },
          },
        ],
      },
      2,
    ) as Figure["spec"],
    data,
  };
}

function points(value: number): string {
  return number(100 * value);
}
