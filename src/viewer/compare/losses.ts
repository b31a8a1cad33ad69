import { lossSection, narrowed } from "../../report/index.js";
import type { Losses } from "../api.js";
import { type FoundRun, readFound } from "../folder/index.js";
import { type DrawnFigures, fileOf, keep } from "./drawn.js";

/** The loss of a run's trainings by step, drawn; null where none has told of a step. */
export type LossDrawer = (run: FoundRun) => Promise<Losses | null>;

type Stored = Awaited<ReturnType<typeof readFound>>;

/** A figure with its files by name. */
type Drawn = { losses: Losses; files: ReadonlyMap<string, string> };

/** Draws losses, and remembers what was drawn last for as long as no other round of the run is over. */
export function openLosses(figures: DrawnFigures): LossDrawer {
  const known = new Map<string, Promise<Drawn | null>>();
  return async (run) => {
    const stored = await readFound(run);
    // What rounds tell of themselves, their times too: a round that was deleted and played again is another one.
    const key = JSON.stringify([run.folder, stored.manifest.hash, stored.rounds]);
    const drawing = known.get(key) ?? draw(stored);
    keep(known, key, drawing);
    drawing.catch(() => known.delete(key));
    const drawn = await drawing;
    for (const [name, svg] of drawn?.files ?? []) figures.keep(name, svg);
    return drawn === null ? null : drawn.losses;
  };
}

async function draw(stored: Stored): Promise<Drawn | null> {
  const section = await lossSection({ runs: [stored], scenario: stored.manifest.scenario });
  const [figure] = section?.figures ?? [];
  if (!figure) return null;
  const [wide, narrow] = [await fileOf(figure), await fileOf(narrowed(figure))];
  return {
    losses: { figure: wide.place, narrow: narrow.place, description: figure.description },
    files: new Map([wide, narrow].map(({ name, svg }) => [name, svg])),
  };
}
