import type { Datum, Figure } from "./figure.js";
import { CATEGORIES, PAPER } from "./palette.js";
import { facetted, steps } from "./parts.js";
import { number, percent } from "./words.js";

/** Users of a persona in a round, mean over the runs of a cell. */
export type PopulationPoint = { biased: number; round: number; persona: string; users: number };

/** Who the users were, by round; a picture for each biased fraction. */
export function populationFigure(points: readonly PopulationPoint[]): Figure {
  const personas = [...new Set(points.map(({ persona }) => persona))].sort();
  const fractions = steps(points.map(({ biased }) => biased)).map((biased) => `${percent(biased)} biased`);
  const data = points.map(
    ({ biased, round, persona, users }): Datum => ({
      panel: `${percent(biased)} biased`,
      round,
      persona,
      users,
    }),
  );
  const title = "Users by round";
  return {
    name: "population",
    title,
    description: points
      .map(
        ({ biased, round, persona, users }) =>
          `${percent(biased)} biased, round ${round}: ${number(users)} ${persona}.`,
      )
      .join(" "),
    spec: facetted(
      fractions,
      { text: title, subtitle: "Users drawn in each round, by persona." },
      {
        width: fractions.length > 1 ? 190 : 460,
        height: fractions.length > 1 ? 120 : 220,
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
