import { number, share } from "../../numbers.js";
import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, PAPER } from "./palette.js";
import { facetted, steps } from "./parts.js";

/** Users of a persona in a round, mean over the runs of a cell; `cell` names it where there are several. */
export type PopulationPoint = {
  biased: number;
  round: number;
  persona: string;
  users: number;
  cell?: string;
};

/** Who the users were, by round; a picture for each biased fraction and each cell. */
export function populationFigure(points: readonly PopulationPoint[]): Figure {
  const personas = [...new Set(points.map(({ persona }) => persona))].sort();
  const several = steps(points.map(({ biased }) => biased)).length > 1;
  const panelOf = ({ biased, cell = "" }: PopulationPoint) =>
    [cell, several || cell === "" ? `${share(biased)} biased` : ""].filter((part) => part !== "").join(", ");
  const panels = [...new Set([...points].sort((a, b) => a.biased - b.biased).map(panelOf))];
  const data = points.map(
    (point): Datum => ({
      panel: panelOf(point),
      round: point.round,
      persona: point.persona,
      users: point.users,
    }),
  );
  const title = "Users by round";
  return {
    name: "population",
    title,
    description: points
      .map((point) => `${panelOf(point)}, round ${point.round}: ${number(point.users)} ${point.persona}.`)
      .join(" "),
    spec: facetted(
      panels,
      { text: title, subtitle: "Users drawn in each round, by persona." },
      {
        width: panels.length > 1 ? 190 : 460,
        height: panels.length > 1 ? 120 : 220,
        mark: { type: "bar", stroke: PAPER, strokeWidth: 1 },
        encoding: {
          x: { field: "round", type: "ordinal", title: "Round", axis: { labelAngle: 0, ticks: false } },
          y: { field: "users", type: "quantitative", stack: "zero", title: "Users" },
          color: {
            field: "persona",
            type: "nominal",
            title: null,
            scale: {
              domain: personas,
              range: personas.map((_, index) => CATEGORIES[index % CATEGORIES.length]!),
            },
          },
        },
      },
    ) as Figure["spec"],
    data,
  };
}
