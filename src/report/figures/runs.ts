import { asItIs, withRange } from "../../numbers.js";
import type { Figure } from "./figure.js";
import { CATEGORIES, ordered, PAPER } from "./palette.js";
import { brokenLabels, facetted, PERCENT_AXIS, TITLE_LETTERS, wrapped } from "./parts.js";
import {
  type Kind,
  type LinePoint,
  type Placed,
  placed,
  type RunPoint,
  type RunsFigureOptions,
} from "./runs-layout.js";

/** Lines over rounds: thin for every run, thick for their mean, one interval at the end of each, and its name beside it. */
export function runsFigure(
  points: readonly LinePoint[],
  runs: readonly RunPoint[],
  options: RunsFigureOptions,
): Figure {
  const { name, title, subtitle, narrow } = options;
  const layout = placed(points, runs, options);
  const { panels } = layout;
  const heading = {
    text: wrapped(title, TITLE_LETTERS[narrow ? "narrow" : "wide"]),
    subtitle: wrapped(subtitle, narrow ? 50 : 96),
    ...(narrow ? { fontSize: 14, frame: "bounds" } : {}),
  };
  const unit = { width: layout.width, height: layout.height, layer: layers(points, layout, options) };
  return {
    name,
    title,
    description: `${subtitle} ${described(points, layout.shares)}`,
    spec: {
      padding: narrow ? 6 : 14,
      ...facetted(panels, heading, unit, layout.columns),
    } as unknown as Figure["spec"],
    data: layout.data,
  };
}

function layers(
  points: readonly LinePoint[],
  layout: Placed,
  { measure, rounds, scale, narrow }: RunsFigureOptions,
) {
  const names = [...new Set(points.map(({ line }) => line))];
  const range = scale ? ordered(names.length) : names.map((_, at) => CATEGORIES[at % CATEGORIES.length]!);
  const color = {
    field: "line",
    type: "nominal",
    sort: names,
    scale: { domain: names, range },
    legend: layout.direct
      ? null
      : {
          title: null,
          orient: "bottom",
          columns: layout.legend,
          symbolOpacity: 1,
          // A phone has no room for long names in one line, and what is cut off is what tells them apart.
          ...(narrow ? { labelExpr: brokenLabels(44), labelLimit: 330 } : { labelLimit: 600 }),
        },
  };
  const x = {
    field: "round",
    type: "quantitative",
    title: "Round of training",
    axis: { values: layout.ticks, labelExpr: "format(datum.value, 'd')", grid: false, labelOverlap: false },
    scale: { domain: [0, Math.max(1, rounds)], nice: false },
  };
  const y = {
    field: "value",
    type: "quantitative",
    title: measure,
    axis: layout.shares ? { ...PERCENT_AXIS, tickCount: narrow ? 5 : 6 } : { tickCount: 6 },
    scale: { domain: layout.domain, zero: false, nice: false },
  };
  const only = (kind: Kind) => ({ transform: [{ filter: `datum.kind === '${kind}'` }] });
  return [
    {
      ...only("run"),
      mark: { type: "line", strokeWidth: 1, opacity: 0.4 },
      encoding: { x, y, color, detail: { field: "run", type: "nominal" } },
    },
    { ...only("mean"), mark: { type: "line", strokeWidth: 2.5 }, encoding: { x, y, color } },
    {
      ...only("mean"),
      mark: {
        type: "point",
        filled: true,
        size: narrow ? 36 : 60,
        opacity: 1,
        stroke: PAPER,
        strokeWidth: 1.5,
      },
      encoding: { x, y, color, fill: color },
    },
    {
      ...only("interval"),
      mark: { type: "rule", strokeWidth: 2 },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
    },
    {
      ...only("label"),
      mark: { type: "text", align: "left", baseline: "middle", fontSize: 12, fontWeight: 600 },
      encoding: { x, y, color, text: { field: "line", type: "nominal" } },
    },
  ];
}

/** Every number of the figure, as sentences. */
function described(points: readonly LinePoint[], shares: boolean): string {
  const lines = new Map<string, LinePoint[]>();
  for (const point of points) {
    const name = [point.panel, point.line].filter((part) => part !== "").join(", ");
    lines.set(name, [...(lines.get(name) ?? []), point]);
  }
  return [...lines]
    .map(([name, own]) => {
      const told = [...own].sort((a, b) => a.round - b.round);
      return `${name}: ${told.map((point) => `round ${point.round} ${shares ? withRange(point) : asItIs(point)}`).join(", ")}.`;
    })
    .join(" ");
}
