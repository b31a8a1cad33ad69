import type { Interaction } from "../../interaction/types.js";
import { shuffle, stream } from "../../random.js";
import { type LogProbShifts, logProbShifts } from "./log-prob-shift.js";
import { type Moves, movesOf, type ProbePair } from "./moves.js";
import { catalogueOfSource, type ReportRun } from "./read.js";

export type Examples = {
  run: ReportRun;
  /** What became of all its probes. */
  moves: Moves;
  /** Some probes whose verdict changed, drawn at random; where none did, some whose score moved. */
  shown: ProbePair[];
  /** The conversations whose replies' log-probability training shifted most; undefined where that cannot be measured. */
  shifts: LogProbShifts | undefined;
  /** In their place, the conversations with the highest reward that the assistant was trained on. */
  taught: Interaction[];
};

/** Examples from one run. Undefined before its first round of training is evaluated. */
export async function examplesOf(run: ReportRun, count = 6): Promise<Examples | undefined> {
  const { disk } = run;
  const measured = [...new Set(run.observations.map(({ round }) => round))].sort((a, b) => a - b);
  const lastRound = measured.at(-1);
  if (lastRound === undefined || lastRound === 0) return undefined;
  const before = (await disk.round(0).probes.read()) ?? [];
  const after = (await disk.round(lastRound).probes.read()) ?? [];
  const moves = movesOf(before, after, lastRound, catalogueOfSource({ runs: [run] }));
  const shifts = await logProbShifts(run, count);
  // Drawn, not chosen: the most telling ones would tell too much.
  const telling = moves.changed.length > 0 ? moves.changed : moves.moved;
  const shown = shuffle(stream(`report/examples/${run.manifest.hash}`), telling).slice(0, count);
  return { run, moves, shown, shifts, taught: shifts ? [] : await taughtBy(run, count) };
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
