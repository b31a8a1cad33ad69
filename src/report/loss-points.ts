import type { TrainingProgress } from "../training/types.js";
import { type LossPoint, lossesFigure } from "./figures/losses.js";
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
  return [...figuresOf(...given), ...(losses ? [losses] : [])];
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

/** The loss of every training of runs by its steps; of long trainings means over stretches of steps. */
async function lossPoints(runs: readonly Trained[], terms: Pick<Terms, "label">): Promise<LossPoint[]> {
  const methods = new Set(runs.map(({ manifest }) => manifest.scenario.training.method));
  const points: LossPoint[] = [];
  for (const { disk, rounds, manifest, axes = {} } of runs) {
    const { method } = manifest.scenario.training;
    const parts = [axes.case, methods.size > 1 ? method.toUpperCase() : undefined];
    const place = {
      run: manifest.hash,
      line: terms.label(manifest.biased),
      // Losses of methods have scales of their own.
      panel: parts.filter((part) => part !== undefined).join(", "),
    };
    for (const { round } of rounds)
      for (const { at, loss } of shortened((await disk.round(round).steps.read()) ?? []))
        points.push({ ...place, round, at: round - 1 + at, loss });
  }
  return means(points);
}

/** One line for runs that differ by their seed alone: forty of them on top of each other tell nothing. */
function means(points: readonly LossPoint[]): LossPoint[] {
  const groups = new Map<string, LossPoint[]>();
  for (const point of points) {
    const part = Math.round(MOST * (point.at - point.round + 1));
    const key = JSON.stringify([point.panel, point.line, point.round, part]);
    groups.set(key, [...(groups.get(key) ?? []), point]);
  }
  return [...groups.values()].map((some) => ({
    ...some[0]!,
    run: `${some[0]!.panel} ${some[0]!.line}`,
    at: some.reduce((sum, { at }) => sum + at, 0) / some.length,
    loss: some.reduce((sum, { loss }) => sum + loss, 0) / some.length,
  }));
}

/** Where in the training, in (0, 1], and the mean loss of the stretch of steps that ends there. Steps whose loss is no number are left out. */
function shortened(steps: readonly TrainingProgress[]): { at: number; loss: number }[] {
  const told = steps.filter(({ loss }) => Number.isFinite(loss));
  const size = Math.ceil(told.length / MOST);
  const stretches = Array.from({ length: size === 0 ? 0 : Math.ceil(told.length / size) }, (_, index) =>
    told.slice(index * size, (index + 1) * size),
  );
  return stretches.map((some) => {
    const last = some.at(-1)!;
    return {
      at: last.step / last.steps,
      loss: some.reduce((sum, { loss }) => sum + loss, 0) / some.length,
    };
  });
}
