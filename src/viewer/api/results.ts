import type { Summary } from "../../report/index.js";

// What came out: comparisons and results.

/** A line of the comparison: the mean over runs that differ by their seed alone. */
export type ComparedRow = {
  label: string;
  round: number;
  value: number;
  low: number;
  high: number;
  seeds: number;
  n: number;
};

/** Loss by step of a run's trainings: where it is drawn, where for a narrow window, and what it shows in words. */
export type Losses = { figure: string; narrow: string; description: string };

export type Comparison = {
  metric: string;
  /** What may be drawn, with what it counts where the suite says so. */
  metrics: { suite: string; metric: string; label: string; counts?: string }[];
  suite: string;
  rows: ComparedRow[];
  /** How many probes of the suite were put before training, by line; several where a line's runs differ. */
  probes: Record<string, number[]>;
  /** Settings that are not the same in all runs. */
  differing: { field: string; values: Record<string, string> }[];
  /** Settings that are the same in all. */
  same: { field: string; value: string }[];
  /** The figure in words. */
  description: string;
  /** Where the figure is drawn, and where for a narrow window; empty where there is nothing to draw. */
  figure: string;
  narrow: string;
};

/** What came out of a run or sweep. */
export type Outcome = {
  /** In three answers; null where nothing has been measured yet. */
  summary: Summary | null;
  /** Whether a report has been written. */
  report: boolean;
  /** Names of the result files to take away. */
  files: string[];
  /** For commands. */
  folder: string;
  /** How the program is called in the terminal that the view was started from. */
  called: string;
};
