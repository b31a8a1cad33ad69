import type { Catalogue } from "../../evaluation/index.js";
import type { ProbeResult } from "../../evaluation/types.js";
import type { Interaction } from "../../interaction/types.js";
import { shuffle, stream } from "../../random.js";
import { type LogProbShifts, logProbShifts } from "./log-prob-shift.js";
import { catalogueOfSource, type ReportRun } from "./read.js";

/** One probe's result before training and after the last round. */
type ProbePair = { before: ProbeResult; after: ProbeResult };

export type Examples = {
  run: ReportRun;
  lastRound: number;
  /** Some probes whose verdict changed, drawn at random, and how many did of how many; where none did, some that moved. */
  changed: ProbePair[];
  changedCount: number;
  /** Probes whose score moved by `FAR` or more while their verdict stayed: scores that are probabilities do. */
  movedCount: number;
  probeCount: number;
  /** The conversations whose replies' log-probability training shifted most; undefined where that cannot be measured. */
  shifts: LogProbShifts | undefined;
  /** In their place, the conversations with the highest reward that the assistant was trained on. */
  taught: Interaction[];
};

/** A move of a tenth can be seen in a single probe; it is fixed, so that no example is chosen by how well it tells. */
const FAR = 0.1;

/** Examples from one run. Undefined before its first round of training is evaluated. */
export async function examplesOf(run: ReportRun, count = 6): Promise<Examples | undefined> {
  const { disk } = run;
  const measured = [...new Set(run.observations.map(({ round }) => round))].sort((a, b) => a - b);
  const lastRound = measured.at(-1);
  if (lastRound === undefined || lastRound === 0) return undefined;
  const before = (await disk.round(0).probes.read()) ?? [];
  const after = (await disk.round(lastRound).probes.read()) ?? [];
  const later = new Map(after.map((result) => [`${result.suite}/${result.probe}`, result]));
  const pairs = before.flatMap((result): ProbePair[] => {
    const other = later.get(`${result.suite}/${result.probe}`);
    return other ? [{ before: result, after: other }] : [];
  });
  const changed = pairs.filter(
    (pair) => pair.before.verdict !== pair.after.verdict && pair.after.verdict !== "error",
  );
  const catalogue = catalogueOfSource({ runs: [run] });
  const moved = pairs.filter(
    (pair) => pair.before.verdict === pair.after.verdict && isMoved(pair, catalogue),
  );
  const shifts = await logProbShifts(run, count);
  // Drawn, not chosen: the most telling ones would tell too much.
  const telling = changed.length > 0 ? changed : moved;
  const drawn = shuffle(stream(`report/examples/${run.manifest.hash}`), telling).slice(0, count);
  return {
    run,
    lastRound,
    changed: drawn,
    changedCount: changed.length,
    movedCount: moved.length,
    probeCount: pairs.length,
    shifts,
    taught: shifts ? [] : await taughtBy(run, count),
  };
}

/** Whether the score that a probe's suite is spoken of with is another by `FAR` or more. */
function isMoved({ before, after }: ProbePair, catalogue: Catalogue): boolean {
  const metric = catalogue.headlines(before.suite).find((id) => id in before.scores && id in after.scores);
  return metric !== undefined && Math.abs(after.scores[metric]! - before.scores[metric]!) >= FAR;
}

async function taughtBy(run: ReportRun, count: number): Promise<Interaction[]> {
  const taught: Interaction[] = [];
  for (const { round } of run.rounds) {
    const rows = (await run.disk.round(round).preference.read()) ?? [];
    const names = new Set(
      rows.flatMap((row) => ("label" in row && !row.label ? [] : [row.source.interaction])),
    );
    const interactions = (await run.disk.round(round).interactions.read()) ?? [];
    taught.push(...interactions.filter(({ id, reward }) => names.has(id) && reward !== null));
    // Only the best are needed; keeping all rounds of a large run is not.
    taught.sort((a, b) => b.reward! - a.reward! || (a.id < b.id ? -1 : 1)).splice(count);
  }
  return taught;
}
