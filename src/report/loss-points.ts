import { type LossPoint, lossesFigure } from "./figures/losses.js";
import { distinct } from "./figures/named.js";
import { figuresOf, type Section } from "./figures-of.js";
import type { ReportRun, ReportSource } from "./source/read.js";
import { type Terms, termsOf } from "./terms.js";

/** Points of one training that a figure has room for. */
const MOST = 40;

/** The runs whose trainings are drawn, as far as they are needed for that. */
type Trained = Pick<ReportRun, "disk" | "rounds" | "manifest"> & Partial<Pick<ReportRun, "axes">>;

/** Every figure of the report, by question: those that the measurements allow, and how training went. */
export async function sectionsOf(...given: Parameters<typeof figuresOf>): Promise<Section[]> {
  const losses = await lossSection(given[0]);
  const sections = [...figuresOf(...given), ...(losses ? [losses] : [])];
  const figures = distinct(sections.flatMap((section) => section.figures));
  return sections.map((section) => ({ ...section, figures: figures.splice(0, section.figures.length) }));
}

/** How training went, as a part of the report; null where no run has told of a step. */
export async function lossSection({
  runs,
  scenario,
}: Pick<ReportSource, "scenario"> & { runs: readonly Trained[] }): Promise<Section | null> {
  const figure = lossesFigure(await lossPoints(runs, termsOf(scenario)), scenario.rounds);
  return (
    figure && {
      id: "losses",
      heading: "How did training go?",
      lead: "A loss that does not fall, or leaps, says that settings are wrong before honesty does. It is of the rows that were learnt from, so a low one is no merit.",
      figures: [figure],
    }
  );
}

type Step = { step: number; steps: number; loss: number | null };

/** Trainings that differ by their seed alone: forty lines on top of each other tell nothing. */
type Alike = { panel: string; line: string; round: number; trainings: (readonly Step[])[] };

/** The loss by step of each round's training, over runs that differ by their seed the mean. */
async function lossPoints(runs: readonly Trained[], terms: Pick<Terms, "label">): Promise<LossPoint[]> {
  const methods = new Set(runs.map(({ manifest }) => manifest.scenario.training.method));
  const groups = new Map<string, Alike>();
  for (const { disk, rounds, manifest, axes = {} } of runs) {
    const { method } = manifest.scenario.training;
    const parts = [axes.case, methods.size > 1 ? method.toUpperCase() : undefined];
    // Losses of methods have scales of their own.
    const panel = parts.filter((part) => part !== undefined).join(", ");
    const line = terms.label(manifest.biased);
    for (const { round } of rounds) {
      const steps = (await disk.round(round).steps.read()) ?? [];
      if (steps.length === 0) continue;
      const key = JSON.stringify([panel, line, round]);
      const alike = groups.get(key) ?? { panel, line, round, trainings: [] };
      alike.trainings.push(steps);
      groups.set(key, alike);
    }
  }
  return [...groups.values()].flatMap(({ panel, line, round, trainings }) =>
    stretches(trainings).map(({ at, loss }) => {
      return { run: `${panel} ${line}`, line, panel, round, at: round - 1 + at, loss };
    }),
  );
}

/**
 * The mean loss over stretches of steps, of which every training has a part, and where each ends in the training, in (0, 1]. Steps
 * whose loss is no number are left out.
 */
function stretches(trainings: readonly (readonly Step[])[]): { at: number; loss: number }[] {
  const count = trainings.reduce((least, told) => Math.min(least, told.at(-1)!.steps), MOST);
  const sums = Array.from({ length: count }, () => ({ loss: 0, steps: 0 }));
  for (const { step, steps, loss } of trainings.flat()) {
    const sum = sums[Math.ceil((count * step) / steps) - 1];
    if (!sum || loss === null || !Number.isFinite(loss)) continue;
    sum.loss += loss;
    sum.steps += 1;
  }
  return sums.flatMap(({ loss, steps }, index) =>
    steps === 0 ? [] : [{ at: (index + 1) / count, loss: loss / steps }],
  );
}
