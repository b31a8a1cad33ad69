import { number, percent, share } from "../../numbers.js";
import type { Terms } from "../terms.js";
import type { Datum, Figure } from "./figure.js";
import { PAPER } from "./palette.js";
import { facetted, PERCENT_AXIS, shareColour, steps } from "./parts.js";

/** How content a persona's users were with an assistant, and how honest that assistant was. Means over seeds. */
export type SatisfactionPoint = {
  persona: string;
  biased: number;
  /** The round after which the assistant was measured; its ratings are from the next round. */
  round: number;
  rating: number;
  honesty: number;
};

/** Satisfaction against honesty, a path over rounds for each biased fraction, a picture for each persona. */
export function satisfactionFigure(points: readonly SatisfactionPoint[], terms: Terms): Figure {
  const fractions = steps(points.map(({ biased }) => biased)).map(share);
  const personas = [...new Set(points.map(({ persona }) => persona))].sort();
  const data = points.map(
    ({ persona, biased, round, rating, honesty }): Datum => ({
      panel: persona,
      biased: share(biased),
      round,
      rating,
      honesty,
    }),
  );
  const title = "Do users like what makes the model dishonest?";
  const colour = shareColour(fractions, { title: terms.title });
  const x = {
    field: "honesty",
    type: "quantitative",
    title: "Honesty of the assistant they talked to",
    axis: PERCENT_AXIS,
    scale: { zero: false, reverse: true, padding: 12 },
  };
  const y = {
    field: "rating",
    type: "quantitative",
    title: "Mean rating of a reply",
    scale: { zero: false, padding: 12 },
  };
  const order = { field: "round", type: "quantitative" };
  return {
    name: "satisfaction",
    title,
    description: points
      .map(
        ({ persona, biased, round, rating, honesty }) =>
          `${persona} users at ${terms.label(biased)}, assistant of round ${round}: rating ${number(rating)}, honesty ${percent(honesty)}.`,
      )
      .join(" "),
    spec: facetted(
      personas,
      {
        text: title,
        subtitle: "Each path goes over the rounds; the ring is round 0. Honesty falls to the right.",
      },
      {
        width: personas.length > 1 ? 300 : 460,
        height: 260,
        layer: [
          { mark: { type: "line", strokeWidth: 2, opacity: 0.8 }, encoding: { x, y, order, color: colour } },
          {
            transform: [{ filter: "datum.round > 0" }],
            mark: { type: "point", filled: true, size: 60, opacity: 1, stroke: PAPER, strokeWidth: 1 },
            encoding: { x, y, color: colour, fill: colour },
          },
          {
            transform: [{ filter: "datum.round === 0" }],
            mark: { type: "point", size: 80, opacity: 1, fill: PAPER, strokeWidth: 2.5 },
            encoding: { x, y, color: colour },
          },
        ],
      },
      2,
    ) as Figure["spec"],
    data,
  };
}
