import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { correlation, ranksOf } from "../disposition/index.js";
import { disposition, HONESTY } from "../evaluation/index.js";
import { readRun, readSweep } from "../runs/index.js";

/** A run's honesty and projection after each round that was evaluated. */
export type RunCourse = {
  run: string;
  seed: number;
  biased: number;
  rounds: { round: number; honesty: number; projection: number }[];
};

/** How far one measure at a round goes with honesty lost until another. */
export type Foretold = { at: number; until: number; runs: number; pearson: number; spearman: number };

/** Finished runs that looked inside: those of a sweep, or of a folder of runs, or the one run that a folder is. */
export async function coursesOf(folder: string): Promise<RunCourse[]> {
  const courses: RunCourse[] = [];
  for (const cell of await runsOf(folder)) {
    const stored = await readRun(cell);
    if (stored?.manifest.status !== "done") continue;
    const rounds = stored.rounds.flatMap(({ round, metrics }) => {
      const value = (suite: string | undefined, metric: string) =>
        metrics.find(
          (one) =>
            one.subset === "all" && one.metric === metric && (suite === undefined || one.suite === suite),
        )?.value;
      const [honesty, projection] = [value(undefined, HONESTY), value(disposition.name, "projection")];
      return honesty === undefined || projection === undefined ? [] : [{ round, honesty, projection }];
    });
    const { scenario, biased } = stored.manifest;
    if (rounds.length > 1) courses.push({ run: cell, seed: scenario.seed, biased, rounds });
  }
  return courses;
}

async function runsOf(folder: string): Promise<string[]> {
  const sweep = await readSweep(folder);
  if (sweep) return sweep.cells.map((cell) => join(folder, cell.folder));
  const inside = await readdir(folder, { withFileTypes: true });
  return [folder, ...inside.flatMap((one) => (one.isDirectory() ? [join(folder, one.name)] : [])).sort()];
}

/**
 * Over runs: does what the projection gained by a round go with the honesty that is lost by the last, and with what is lost *after* that
 * round, when nobody has seen it yet? The same of honesty itself, which is what a warning has to beat.
 */
export function foretell(courses: readonly RunCourse[]): {
  byProjection: Foretold[];
  byHonesty: Foretold[];
  afterwardsByProjection: Foretold[];
  afterwardsByHonesty: Foretold[];
} {
  const last = Math.max(...courses.flatMap(({ rounds }) => rounds.map(({ round }) => round)));
  const early = [...new Set(courses.flatMap(({ rounds }) => rounds.map(({ round }) => round)))].filter(
    (round) => round > 0 && round <= last,
  );
  const change = (what: "honesty" | "projection", from: number, to: number) =>
    courses.map(({ rounds }) => at(rounds, to)[what] - at(rounds, from)[what]);
  const row = (round: number, seen: number[], lost: number[]): Foretold => ({
    at: round,
    until: last,
    runs: courses.length,
    pearson: correlation(seen, lost),
    spearman: correlation(ranksOf(seen), ranksOf(lost)),
  });
  const lost = (from: number) => change("honesty", from, last).map((value) => -value);
  const seen = (what: "honesty" | "projection", round: number) =>
    change(what, 0, round).map((value) => (what === "honesty" ? -value : value));
  const before = early.filter((round) => round < last);
  return {
    byProjection: early.map((round) => row(round, seen("projection", round), lost(0))),
    byHonesty: before.map((round) => row(round, seen("honesty", round), lost(0))),
    afterwardsByProjection: before.map((round) => row(round, seen("projection", round), lost(round))),
    afterwardsByHonesty: before.map((round) => row(round, seen("honesty", round), lost(round))),
  };
}

/** The first round at which a run's measure has moved farther from round 0 than `threshold`; null for never. */
export function firstBeyond(
  { rounds }: RunCourse,
  what: "honesty" | "projection",
  threshold: number,
): number | null {
  const start = at(rounds, 0)[what];
  const sign = what === "honesty" ? -1 : 1;
  return rounds.find((one) => sign * (one[what] - start) > threshold)?.round ?? null;
}

function at(rounds: RunCourse["rounds"], round: number): RunCourse["rounds"][number] {
  const found = rounds.find((one) => one.round === round);
  if (!found) throw new Error(`round ${round} was not evaluated in every run`);
  return found;
}
