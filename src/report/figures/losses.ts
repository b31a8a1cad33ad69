import type { Datum, Figure } from "./figure.js";
import { ordered } from "./palette.js";
import { facetted } from "./parts.js";

/** The loss at a place of one training, of one run or the mean of runs that differ by their seed. */
export type LossPoint = {
  run: string;
  /** What names its line; lines of one name have one colour. */
  line: string;
  /** The small picture that it belongs to; "" for one picture. */
  panel: string;
  round: number;
  /** Rounds that were over, with the share of this training's steps: 1.5 is the middle of round 2's. */
  at: number;
  loss: number;
};

/**
 * Loss by step of each training, the trainings of the rounds one behind the other, with room for all that are planned. Null
 * where none has told of a step.
 */
export function lossesFigure(points: readonly LossPoint[], planned: number): Figure | null {
  if (points.length === 0) return null;
  const names = [...new Set(points.map(({ line }) => line))];
  const panels = [...new Set(points.map(({ panel }) => panel))];
  const title = "Loss by step of each training";
  const rounds = Math.max(planned, ...points.map(({ round }) => round));
  const ticks = Array.from({ length: rounds + 1 }, (_, round) => round);
  const data = points.map(({ run, line, panel, round, at, loss }): Datum => {
    return { training: `${run}/${round}`, run, line, panel, round, at, loss };
  });
  return {
    name: "losses",
    title,
    description: described(points),
    spec: facetted(
      panels,
      {
        text: title,
        subtitle:
          "Of several seeds their mean; between two rounds stand the steps of the training that leads from one to the next.",
      },
      {
        width: panels.length > 1 ? 300 : 560,
        height: 220,
        mark: { type: "line", strokeWidth: 1.4, opacity: 0.85 },
        encoding: {
          x: {
            field: "at",
            type: "quantitative",
            title: "Round of training",
            axis: { values: ticks, labelExpr: "format(datum.value, 'd')", labelOverlap: true },
            scale: { domain: [0, Math.max(1, rounds)], nice: false },
          },
          y: { field: "loss", type: "quantitative", title: "Loss", scale: { zero: false } },
          detail: { field: "training", type: "nominal" },
          color: {
            field: "line",
            type: "nominal",
            sort: names,
            title: null,
            scale: { domain: names, range: ordered(names.length) },
            legend: names.length > 1 ? { orient: "bottom", symbolOpacity: 1, labelLimit: 400 } : null,
          },
        },
      },
      2,
    ) as unknown as Figure["spec"],
    data,
  };
}

/** First and last loss of each round's trainings, as sentences. */
function described(points: readonly LossPoint[]): string {
  const trainings = new Map<string, LossPoint[]>();
  for (const point of points) {
    const key = [point.panel, point.line, `round ${point.round}`].filter((part) => part !== "").join(", ");
    trainings.set(key, [...(trainings.get(key) ?? []), point]);
  }
  return [...trainings]
    .map(([name, own]) => {
      const runs = [...new Set(own.map(({ run }) => run))].map((run) =>
        own.filter((point) => point.run === run),
      );
      const mean = (index: number) =>
        (runs.reduce((sum, some) => sum + some.at(index)!.loss, 0) / runs.length).toFixed(3);
      return `${name}: loss from ${mean(0)} to ${mean(-1)}.`;
    })
    .join(" ");
}
