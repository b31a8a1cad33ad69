import type { DosePoint, DoseResponse } from "../../drift/index.js";
import { type Catalogue, shippedCatalogue } from "../../evaluation/index.js";
import { asItIs, openAmongWords, share, withRange } from "../../numbers.js";
import type { Terms } from "../terms.js";
import { type Unit, unitOf } from "../unit.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, INK, MUTED, PAPER } from "./palette.js";
import { PERCENT_AXIS, TITLE_LETTERS, wrapped } from "./parts.js";
import { metricName } from "./words.js";

/** One seed's value at one biased fraction. */
export type SeedPoint = { biased: number; seed: number; value: number };

/**
 * Final honesty by biased fraction: every seed as a small point, the mean with its interval, and the fractions at which a
 * drop was detected named. A monotone curve goes with it where the data do not contradict one.
 */
export function doseFigure(
  dose: DoseResponse,
  terms: Terms,
  {
    seeds = [],
    narrow = false,
    catalogue = shippedCatalogue,
  }: { seeds?: readonly SeedPoint[]; narrow?: boolean; catalogue?: Catalogue } = {},
): Figure {
  const { points, round, suite, metric } = dose;
  const { share: isShare } = unitOf({ catalogue }, { metric, suite });
  const told = isShare ? withRange : asItIs;
  const title = `${metricName(metric, catalogue)} after round ${round}, by share of ${terms.units}`;
  const finding = thresholdWords(dose, terms, catalogue);
  const most = seeds.length > points.length ? seeds : [];
  const fitted = points.every(({ fit }) => fit) && points.length > 3;
  return {
    name: "dose-response",
    title,
    description: `${finding} ${points
      .map((point) => `${terms.of(point.biased)}: ${told(point)}.`)
      .join(" ")}`,
    spec: {
      title: {
        text: wrapped(title, TITLE_LETTERS[narrow ? "narrow" : "wide"]),
        subtitle: [
          ...wrapped(finding, narrow ? 50 : 92),
          ...wrapped(keyWords(most.length > 0, fitted), narrow ? 50 : 92),
        ],
        ...(narrow ? { fontSize: 14, frame: "bounds" } : {}),
      },
      padding: narrow ? 6 : 14,
      width: narrow ? 270 : 560,
      height: narrow ? 230 : 310,
      layer: layersOf(
        X(points, terms, narrow),
        Y([...points.map(({ low }) => low), ...most.map(({ value }) => value)], { metric, isShare }),
        fitted,
      ),
    } as unknown as Figure["spec"],
    data: dataOf(points, most),
  };
}

function dataOf(points: readonly DosePoint[], seeds: readonly SeedPoint[]): Datum[] {
  return [
    ...seeds.map(({ biased, seed, value }): Datum => ({ kind: "seed", biased, seed, value })),
    ...points.map(
      ({ biased, value, low, high, fit, change }): Datum => ({
        kind: "mean",
        biased,
        value,
        low,
        high,
        fit: fit?.value ?? null,
        detected: change?.detected ?? false,
      }),
    ),
  ];
}

/** The curve where there is one, every seed, and the means with their intervals. */
function layersOf(x: ReturnType<typeof X>, y: ReturnType<typeof Y>, fitted: boolean): object[] {
  const only = (kind: string) => [{ filter: `datum.kind === '${kind}'` }];
  const curve = {
    transform: only("mean"),
    mark: { type: "line", strokeWidth: 1.5, strokeDash: [5, 4], color: MUTED },
    encoding: { x, y: { ...y, field: "fit" } },
  };
  return [
    ...(fitted ? [curve] : []),
    {
      transform: only("seed"),
      mark: { type: "point", filled: true, size: 22, opacity: 0.45, color: CATEGORIES[0] },
      encoding: { x, y },
    },
    {
      transform: only("mean"),
      mark: { type: "rule", strokeWidth: 2, color: INK, xOffset: 7 },
      encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
    },
    {
      transform: only("mean"),
      mark: {
        type: "point",
        filled: true,
        size: 90,
        opacity: 1,
        stroke: PAPER,
        strokeWidth: 1.5,
        xOffset: 7,
      },
      encoding: {
        x,
        y,
        color: {
          condition: { test: "datum.detected", value: CATEGORIES[1] },
          value: INK,
        },
      },
    },
  ];
}

function keyWords(seeds: boolean, fitted: boolean): string {
  return [
    `${seeds ? "Small: each seed. " : ""}Large: the mean with its 95 % interval, orange where a drop was detected.`,
    fitted ? "Dashed: the nearest curve that never rises." : "",
  ]
    .join(" ")
    .trim();
}

/** What the data say about the threshold, as a sentence. */
export function thresholdWords(
  { threshold, points, suite, metric }: DoseResponse,
  terms: Terms,
  catalogue: Catalogue = shippedCatalogue,
): string {
  if (!threshold) return `No run without ${terms.units} to compare with.`;
  const harm = catalogue.metric(metric, suite).direction === "lower" ? "rise" : "drop";
  const name = catalogue.isHonesty(metric, suite) ? "" : ` of ${metricName(metric, catalogue).toLowerCase()}`;
  if (!threshold.found)
    return `No ${harm}${name} against 0 % was detected up to ${terms.of(threshold.upTo)}${openIn(points, harm, unitOf({ catalogue }, { metric, suite }))}.${seedWords(points)}`;
  const { fraction, low, high, upTo } = threshold;
  const others =
    high === null
      ? `${low === upTo && low === fraction ? "the same" : `it at ${share(low)} or more`}, or no ${harm} up to ${share(upTo)}`
      : low === high && low === fraction
        ? "the same"
        : `it at ${share(low)} to ${share(high)}`;
  return `The smallest share at which a ${harm}${name} was detected is ${share(fraction)}. Of 100 sweeps like this one 95 would find ${others}.${seedWords(points)}`;
}

/** How large a change for the worse could be without having been detected. */
function openIn(points: readonly DosePoint[], harm: "drop" | "rise", unit: Unit): string {
  const told = points.flatMap(({ change }) =>
    change ? [{ seeds: change.seeds, most: harm === "rise" ? change.high : -change.low }] : [],
  );
  return told.length === 0 ? "" : `; ${openAmongWords(told, `${harm}s`, unit.open)}`;
}

/** A warning where seeds are missing: runs that failed may be those that drifted most, and one seed tells nothing of others. */
function seedWords(points: DoseResponse["points"]): string {
  const most = Math.max(...points.map(({ seeds }) => seeds));
  if (most === 1) return " This rests on one seed: another run may differ.";
  const short = points.filter(({ seeds }) => seeds < most);
  if (short.length === 0) return "";
  const each = short.map(({ biased, seeds }) => `${seeds} at ${share(biased)}`).join(", ");
  return ` Seeds are missing (${each}, of ${most}): do not rely on this.`;
}

function X(points: DoseResponse["points"], terms: Terms, narrow: boolean) {
  return {
    field: "biased",
    type: "quantitative",
    title: `Share of ${terms.units} (square-root scale)`,
    // Fractions crowd near 0, where the threshold is looked for.
    scale: {
      type: "sqrt",
      domain: [0, Math.max(...points.map(({ biased }) => biased))],
      nice: false,
      padding: narrow ? 10 : 14,
    },
    axis: {
      values: points.map(({ biased }) => biased),
      labelExpr: "format(100 * datum.value, '~g') + ' %'",
      labelOverlap: true,
      grid: false,
    },
  };
}

function Y(lows: readonly number[], { metric, isShare }: { metric: string; isShare: boolean }) {
  const least = Math.max(0, Math.floor(10 * Math.min(...lows)) / 10);
  return {
    field: "value",
    type: "quantitative",
    title: metricName(metric),
    axis: isShare ? PERCENT_AXIS : { tickCount: 6 },
    scale: isShare ? { domain: [least, 1], zero: false, nice: false } : { zero: false },
  };
}
