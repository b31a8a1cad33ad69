import { lossSection, narrowed } from "../../report/index.js";
import type { Losses } from "../api.js";
import { type FoundRun, readFound } from "../folder/index.js";
import { type DrawnFigures, fileOf } from "./drawn.js";

/** The loss of a run's trainings by step, drawn; null where none has told of a step. */
export async function lossesOf(run: FoundRun, figures: DrawnFigures): Promise<Losses | null> {
  const stored = await readFound(run);
  const section = await lossSection({ runs: [stored], scenario: stored.manifest.scenario });
  const [figure] = section?.figures ?? [];
  if (!figure) return null;
  const places: string[] = [];
  for (const one of [figure, narrowed(figure)]) {
    const { name, svg, place } = await fileOf(one);
    figures.keep(name, svg);
    places.push(place);
  }
  return { figure: places[0]!, narrow: places[1]!, description: figure.description };
}
