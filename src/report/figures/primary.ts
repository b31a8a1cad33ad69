import type { Contrast } from "../../drift/index.js";
import { counted } from "../../numbers.js";
import { POINTS, type Unit } from "../unit.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK } from "./palette.js";
import { NO_CHANGE, TITLE_LETTERS, wrapped } from "./parts.js";

export type PrimaryOptions = {
  /** What is compared, e.g. `Honesty to first beliefs`. */
  measure: string;
  /** The two sides, e.g. `50 % biased users` and `none`; a side without a name is the time before training. */
  sides: readonly [treated: string, reference: string];
  /** How its differences are written; points if absent. */
  unit?: Unit;
  /** Drawn for a column of 360 pixels instead of 700. */
  narrow: boolean;
};

/** More seeds than this stand in one row. */
const MOST_ROWS = 16;
const SEEDS = "Each seed";

/**
 * The comparison that an experiment is for: how far the two sides are apart in every seed, and in their mean with its
 * interval. To the left is less.
 */
export function primaryFigure(
  contrast: Contrast,
  { measure, sides, narrow, unit = POINTS }: PrimaryOptions,
): Figure {
  const scale = unit.share ? 100 : 1;
  const { value, low, high, by_seed: bySeed, round } = contrast;
  const mean = bySeed.length > 1 ? `Mean of ${counted(bySeed.length, "seed")}` : "One seed";
  const single = bySeed.length <= MOST_ROWS;
  const data: Datum[] = [
    { kind: "mean", row: mean, seed: null, value: scale * value, low: scale * low, high: scale * high },
    ...(bySeed.length > 1 ? bySeed : []).map((one) => ({
      kind: "seed",
      row: single ? `Seed ${one.seed}` : SEEDS,
      seed: one.seed,
      value: scale * one.value,
      low: null,
      high: null,
    })),
  ];
  const [treated, reference] = sides;
  const against = reference === "" ? "before training" : reference;
  const title = `${measure} after round ${round}: ${treated === "" ? "" : `${treated} `}against ${against}`;
  const subtitle = `${bySeed.length > 1 ? "Dots: the difference in each seed. The bar" : "The bar"} is the 95 % interval${
    contrast.variance === "probes" ? " over probes of one seed" : " of their mean, over seeds"
  }. Left of the line is less.`;
  const rows = [...new Set(data.map(({ row }) => String(row)))];
  return {
    name: "primary",
    title,
    description: `${mean}: ${unit.signed(value)}${unit.after} ${unit.brackets({ low, high })}. ${
      bySeed.length > 1
        ? `Seed by seed: ${bySeed.map((one) => `${one.seed} ${unit.signed(one.value)}`).join(", ")}.`
        : ""
    }`.trim(),
    spec: {
      title: {
        text: wrapped(title, TITLE_LETTERS[narrow ? "narrow" : "wide"]),
        subtitle: wrapped(subtitle, narrow ? 50 : 96),
        ...(narrow ? { fontSize: 14, frame: "bounds" } : {}),
      },
      padding: narrow ? 6 : 14,
      width: narrow ? 200 : 460,
      height: { step: narrow ? 18 : 20 },
      layer: layers(rows, narrow, unit),
    } as unknown as Figure["spec"],
    data,
  };
}

function layers(rows: readonly string[], narrow: boolean, unit: Unit): object[] {
  const y = {
    field: "row",
    type: "nominal",
    sort: rows,
    title: null,
    axis: {
      ticks: false,
      domain: false,
      labelLimit: 200,
      labelFontWeight: { condition: { test: "datum.index === 0", value: "bold" }, value: "normal" },
    },
  };
  const x = {
    field: "value",
    type: "quantitative",
    title: unit.share ? "Difference in points" : "Difference",
    axis: { tickCount: narrow ? 4 : 7 },
    scale: { zero: true },
  };
  const only = (kind: string) => ({ transform: [{ filter: `datum.kind === '${kind}'` }] });
  return [
    NO_CHANGE,
    {
      ...only("mean"),
      mark: { type: "rule", strokeWidth: 2.5, color: INK },
      encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } },
    },
    {
      ...only("mean"),
      mark: { type: "point", shape: "diamond", filled: true, size: 130, opacity: 1, color: INK },
      encoding: { y, x },
    },
    {
      ...only("seed"),
      mark: { type: "point", filled: true, size: 55, opacity: 0.85, color: CATEGORIES[0] },
      encoding: { y, x },
    },
  ];
}
