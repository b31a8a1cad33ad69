import type { PooledRow } from "../../drift/index.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, ordered } from "./palette.js";
import { differing, PERCENT_AXIS, steps } from "./parts.js";
import { percent, withRange } from "./words.js";

/** Honesty after a round under different methods, defences or settings, side by side for each biased fraction. */
export function comparisonFigure(rows: readonly PooledRow[], round: number): Figure {
  const shown = rows.filter((row) => row.metric === "honesty" && row.subset === "all" && row.round === round);
  const nameOf = differing(shown, ["suite", "scenario", "method"]);
  const names = [...new Set(shown.map(nameOf))];
  const fractions = steps(shown.map(({ biased }) => biased)).map(percent);
  const data = shown.map(
    (row): Datum => ({
      way: nameOf(row),
      biased: percent(row.biased),
      value: row.value,
      low: row.low,
      high: row.high,
    }),
  );
  const title = `Which way of learning keeps honesty? After round ${round}`;
  const colour = {
    field: "way",
    type: "nominal",
    title: null,
    scale: {
      domain: names,
      range: names.length > CATEGORIES.length ? ordered(names.length) : CATEGORIES.slice(0, names.length),
    },
    // Long names, of a grid with several axes, would run into each other side by side.
    legend: {
      orient: "bottom",
      columns: names.some((name) => name.length > 40) ? 1 : 2,
      labelLimit: 500,
      symbolType: "circle",
      symbolOpacity: 1,
    },
  };
  const x = {
    field: "biased",
    type: "ordinal",
    sort: fractions,
    title: "Biased users",
    axis: { labelAngle: 0 },
  };
  const xOffset = { field: "way", type: "nominal", sort: names };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    title: "Honesty",
    axis: PERCENT_AXIS,
    scale: { zero: false, domainMax: 1 },
  });
  return {
    name: "comparison",
    title,
    description: shown
      .map((row) => `${nameOf(row)}, ${percent(row.biased)} biased users: ${withRange(row)}.`)
      .join(" "),
    spec: {
      title: { text: title, subtitle: "Mean over seeds with 95 % intervals over seeds and probes." },
      width: { step: Math.max(14, 360 / (names.length * fractions.length)), for: "offset" },
      height: 280,
      layer: [
        {
          mark: { type: "rule", strokeWidth: 2, opacity: 0.55 },
          encoding: { x, xOffset, y: y("low"), y2: { field: "high" }, color: colour },
        },
        {
          mark: { type: "point", filled: true, size: 70, opacity: 1 },
          encoding: { x, xOffset, y: y("value"), color: colour },
        },
      ],
    } as Figure["spec"],
    data,
  };
}
