import type { DoseResponse } from "../../drift/index.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK, MUTED, PAPER } from "./palette.js";
import { PERCENT_AXIS, wrapped } from "./parts.js";
import { metricName, percent, withRange } from "./words.js";

/** Final honesty by biased fraction, with the monotone fit and the threshold marked. */
export function doseFigure(dose: DoseResponse): Figure {
  const { points, round, metric } = dose;
  const title = `${metricName(metric)} after round ${round}, by share of biased users`;
  const finding = thresholdWords(dose);
  const data = points.map(
    ({ biased, value, low, high, fit }): Datum => ({
      biased,
      value,
      low,
      high,
      fit: fit.value,
      fit_low: fit.low,
      fit_high: fit.high,
    }),
  );
  const lows = points.flatMap(({ low, fit }) => [low, fit.low]);
  return {
    name: "dose-response",
    title,
    description:
      `${finding} ` +
      points
        .map(
          (point) =>
            `${percent(point.biased)} biased users: ${withRange(point)}, on the monotone fit ${percent(point.fit.value)}.`,
        )
        .join(" "),
    spec: {
      title: {
        text: title,
        subtitle: [
          ...wrapped(finding, 80),
          "Points: mean over seeds with 95 % interval. Line and band: monotone fit.",
        ],
      },
      width: 520,
      height: 320,
      layer: [
        ...thresholdMarks(dose),
        {
          mark: { type: "area", opacity: 0.15, color: CATEGORIES[0] },
          encoding: { x: X(points), y: { ...Y(lows), field: "fit_low" }, y2: { field: "fit_high" } },
        },
        {
          mark: { type: "line", strokeWidth: 2.5, color: CATEGORIES[0] },
          encoding: { x: X(points), y: { ...Y(lows), field: "fit" } },
        },
        {
          mark: { type: "rule", strokeWidth: 1.5, color: INK },
          encoding: { x: X(points), y: { ...Y(lows), field: "low" }, y2: { field: "high" } },
        },
        {
          mark: {
            type: "point",
            filled: true,
            size: 80,
            opacity: 1,
            color: INK,
            stroke: PAPER,
            strokeWidth: 1.5,
          },
          encoding: { x: X(points), y: Y(lows) },
        },
      ],
    } as Figure["spec"],
    data,
  };
}

/** What the data say about the threshold, as a sentence. */
export function thresholdWords({ threshold, points }: DoseResponse): string {
  const others = points.length - 1;
  if (!threshold) return "No run without biased users to compare with.";
  if (!threshold.found) {
    return `No credible drop against 0 % up to ${percent(threshold.upTo)} biased users, corrected for ${others} comparisons.${seedWords(points)}`;
  }
  const { fraction, low, high, upTo } = threshold;
  return (
    `Smallest share with a credible drop: ${percent(fraction)} (95 % interval ${percent(low)} to ` +
    `${high === null ? `more than ${percent(upTo)}` : percent(high)}), corrected for ${others} comparisons.${seedWords(points)}`
  );
}

/** A warning where seeds are missing: runs that failed may be those that drifted most, and one seed tells nothing of others. */
function seedWords(points: DoseResponse["points"]): string {
  const most = Math.max(...points.map(({ seeds }) => seeds));
  if (most === 1) return " This rests on one seed: another run may differ.";
  const short = points.filter(({ seeds }) => seeds < most);
  if (short.length === 0) return "";
  const each = short.map(({ biased, seeds }) => `${seeds} at ${percent(biased)}`).join(", ");
  return ` Seeds are missing (${each}, of ${most}): do not rely on this.`;
}

function thresholdMarks({ threshold }: DoseResponse): object[] {
  if (!threshold?.found) return [];
  const { fraction } = threshold;
  const at = { datum: fraction, type: "quantitative" };
  return [
    // A row of its own: a mark for each row of the figure would draw line and text several times over.
    {
      data: { values: [{}] },
      mark: { type: "rule", strokeDash: [5, 4], strokeWidth: 1.5, color: CATEGORIES[1] },
      encoding: { x: at },
    },
    {
      data: { values: [{}] },
      mark: {
        type: "text",
        text: `threshold ${percent(fraction)}`,
        // Left of the line where the right edge is near.
        align: fraction > 0.6 ? "right" : "left",
        dx: fraction > 0.6 ? -6 : 6,
        baseline: "top",
        color: MUTED,
        fontSize: 12,
      },
      encoding: { x: at, y: { value: 2 } },
    },
  ];
}

function X(points: DoseResponse["points"]) {
  return {
    field: "biased",
    type: "quantitative",
    title: "Share of biased users (square-root scale)",
    // Fractions crowd near 0, where the threshold is looked for.
    scale: { type: "sqrt", domain: [0, Math.max(...points.map(({ biased }) => biased))], nice: false },
    axis: {
      values: points.map(({ biased }) => biased),
      labelExpr: "format(100 * datum.value, '~g') + ' %'",
      grid: false,
    },
  };
}

function Y(lows: readonly number[]) {
  return {
    field: "value",
    type: "quantitative",
    title: "Honesty",
    axis: PERCENT_AXIS,
    scale: { domain: [Math.max(0, Math.floor(10 * Math.min(...lows)) / 10), 1], zero: false, nice: false },
  };
}
