import { type Line, populationPoints } from "./figure-points.js";
import type { Figure } from "./figures/figure.js";
import { differing } from "./figures/parts.js";
import { populationFigure } from "./figures/population.js";

/** Lines mostly have the same users: then they are shown once, else beside one another. */
export function populationFigures(lines: readonly Line[]): Figure[] {
  const all = lines.map(populationPoints).filter((points) => points.length > 0);
  const [first] = all;
  if (!first) return [];
  if (all.every((points) => JSON.stringify(points) === JSON.stringify(first)))
    return [populationFigure(first)];
  const nameOf = differing(lines, ["scenario", "method"]);
  return [
    populationFigure(
      lines.flatMap((line) => populationPoints(line).map((point) => ({ ...point, cell: nameOf(line) }))),
    ),
  ];
}
