import type { Catalogue } from "../../evaluation/index.js";
import { percent, share } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { WithinLine } from "../within-points.js";
import type { Datum, Figure } from "./figure.js";
import { PAPER } from "./palette.js";
import { PERCENT_AXIS, shareColour, steps, wrapped } from "./parts.js";
import { metricName } from "./words.js";

const WIDTH = 520;
const HEIGHT = 320;

/** A suite's leading measure at the points within rounds, a line for each share; rounds are parted by the grid. */
export function withinFigure(
  { suite, metric, points }: WithinLine,
  terms: Terms,
  catalogue: Catalogue,
): Figure {
  const shares = steps(points.map(({ biased }) => biased)).map(share);
  const several = points.some(({ runs }) => runs > 1);
  const title = `${metricName(metric, catalogue)} within rounds`.replace(/^./u, (letter) =>
    letter.toUpperCase(),
  );
  const subtitle = `${suite}, asked every few optimizer steps with fewer probes than after a round: compare the shape with the curves over rounds, not the height. ${
    several
      ? "Mean of the runs at a share; bars reach from the lowest run to the highest."
      : "One run a share."
  }`;
  const last = Math.ceil(Math.max(...points.map(({ at }) => at)));
  const bottom = Math.max(0, Math.floor(10 * Math.min(...points.map(({ low }) => low))) / 10);
  const x = {
    field: "at",
    type: "quantitative",
    title: "Rounds of training",
    axis: { values: Array.from({ length: last + 1 }, (_, round) => round), format: "d", grid: true },
    scale: { domain: [0, last], nice: false, padding: 12 },
  };
  const y = {
    field: "value",
    type: "quantitative",
    title: "Share of probes",
    axis: PERCENT_AXIS,
    scale: { domain: [bottom, 1], zero: false, nice: false },
  };
  const color = shareColour(shares, terms);
  const rule = {
    mark: { type: "rule", strokeWidth: 1.5, opacity: 0.5 },
    encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
  };
  return {
    name: `within-${suite}`,
    title,
    description: `${subtitle} ${describe(points, terms)}`,
    spec: {
      title: { text: title, subtitle: wrapped(subtitle, 88) },
      width: WIDTH,
      height: HEIGHT,
      layer: [
        ...(several ? [rule] : []),
        { mark: { type: "line", strokeWidth: 2.5 }, encoding: { x, y, color } },
        {
          mark: { type: "point", filled: true, size: 50, opacity: 1, stroke: PAPER, strokeWidth: 1 },
          encoding: { x, y, color, fill: color },
        },
      ],
    } as unknown as Figure["spec"],
    data: points.map(({ biased, ...point }): Datum => ({ biased: share(biased), ...point })),
  };
}

/** Every number of the figure, as sentences. */
function describe(points: WithinLine["points"], terms: Terms): string {
  return steps(points.map(({ biased }) => biased))
    .map((biased) => {
      const own = points.filter((point) => point.biased === biased);
      const told = own.map(
        ({ round, step, steps, value }) => `round ${round}, step ${step} of ${steps} ${percent(value)}`,
      );
      return `${terms.of(biased)}: ${told.join("; ")}.`;
    })
    .join(" ");
}
