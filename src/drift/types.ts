import type { AxisValue } from "../scenario/index.js";

/** The values that a run has on the axes of its sweep, by field path; `case` is the name of its arm. None of a run by itself. */
export type Axes = Readonly<Record<string, AxisValue>>;

/** One probe's contribution to one metric in one round of one run. */
export type Observation = {
  run: string;
  scenario: string;
  axes: Axes;
  seed: number;
  method: string;
  /** Nominal and realized fraction of biased users, or of misaligned rows where data files stand in for users; in [0, 1]. */
  biased: number;
  biased_realized: number;
  round: number;
  suite: string;
  subset: string;
  probe: string;
  metric: string;
  /** In [0, 1]; a part of a signal (`signal.ts`) may lie outside. */
  value: number;
  /** A unit of this run and round alone, as a conversation is: what has its name elsewhere is another. */
  own?: true;
  /** Counts in its own subset alone: over all probes of the suite there is another of its kind. */
  apart?: true;
};

/** A row of `drift.csv`. `low` and `high` bound the 95 % interval. */
export type DriftRow = {
  run: string;
  /** Its name, with the case and the axes that no other column shows. */
  scenario: string;
  seed: number;
  method: string;
  biased: number;
  biased_realized: number;
  round: number;
  suite: string;
  subset: string;
  metric: string;
  value: number;
  n: number;
  low: number;
  high: number;
};

/** What all runs of one cell of a sweep have in common. */
export type CellId = Pick<Observation, "scenario" | "axes" | "method" | "biased">;

/** A cell at one round and for one metric. */
export type CellKey = CellId & {
  round: number;
  suite: string;
  subset: string;
  metric: string;
};

/** A number with its 95 % interval, over `seeds` runs and `n` probes (the mean count over the runs). */
export type Estimate = { value: number; low: number; high: number; seeds: number; n: number };

/** The mean of a cell over its seeds. */
export type PooledRow = CellKey & Estimate;

/** A difference between two cells, in [-1, 1]; `p` is two-sided and not corrected for other comparisons. */
export type ChangeRow = CellKey & Estimate & { p: number };
