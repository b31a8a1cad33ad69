import type { SuiteInfo } from "../../evaluation/index.js";

// Runs and sweeps: in lists, and each on its own page.

/**
 * How a run stands. `damaged`: its files cannot be read. `waiting`: a sweep's run that has not begun. `stopped`: it says running, but nobody
 * works on it.
 */
export type Status = "running" | "interrupted" | "failed" | "done" | "waiting" | "stopped" | "damaged";

/** A run in lists. */
export type RunEntry = {
  /** Path below the viewed folder; names the run in every request. */
  id: string;
  /** The sweep it belongs to, by its id. */
  sweep: string | null;
  name: string;
  status: Status;
  /** Fraction of biased users, or of misaligned rows, in [0, 1]. */
  biased: number;
  /** The fraction of biased users in words, e.g. `50 % biased`. */
  share: string;
  method: string;
  seed: number;
  assistant: string;
  rounds: number;
  /** Last complete round; -1 before the evaluation of the untrained assistant. */
  round: number;
  /** Honesty of the first suite after each complete round, in [0, 1]; null where it was not measured. */
  honesty: (number | null)[];
  /** Share of beliefs that were right, asked neutrally, before training and in the last round, and whether so much is lost that the
   * model cannot contradict what it knew; null where not measured. */
  beliefs: { before: number; now: number; lost: boolean } | null;
  /** When something last changed, in ms since 1970. */
  changed: number;
  /** Values of a sweep's axes. */
  axes: Record<string, string | number | boolean>;
  /** Settings that tell it from other runs of its name, by their dotted path. */
  apart: Record<string, string>;
  /** What people call it; of a run of a sweep none. */
  labels?: RunLabels;
};

/** What people call a run or sweep, and say of it. */
export type RunLabels = {
  name?: string | undefined;
  tags: string[];
  note?: string | undefined;
  archived?: true | undefined;
};

/** How much deleting a run or sweep would take. */
export type Doomed = { files: number; bytes: number };

/** A run or sweep whose files cannot be read, and why. */
export type DamagedEntry = { id: string; sweep: string | null; problem: string };

export type SweepEntry = {
  id: string;
  name: string;
  description: string;
  runs: RunEntry[];
  report: boolean;
  labels?: RunLabels;
};

export type Catalogue = { folder: string; runs: RunEntry[]; sweeps: SweepEntry[]; damaged: DamagedEntry[] };

/** What a running round is at. */
export type Progress = {
  round: number;
  stage: "population" | "interaction" | "preference" | "training" | "evaluation";
  done: number;
  /** Null where nobody knows yet. */
  total: number | null;
  loss: number | null;
  /** Estimated from complete rounds; null before there is one. */
  seconds_left: number | null;
};

export type RoundRow = {
  round: number;
  users: Record<string, number>;
  interactions: number;
  unusable: number;
  mean_reward: number | null;
  rows: number;
  loss_first: number | null;
  loss_last: number | null;
  seconds: number | null;
  /** Over all probes, by suite and metric. */
  metrics: { suite: string; metric: string; value: number; n: number }[];
};

/** A run as its own page shows it. */
export type RunView = {
  entry: RunEntry;
  description: string;
  progress: Progress | null;
  rounds: RoundRow[];
  /** Rounds whose checkpoint is on disk; 0 is the untrained assistant. */
  checkpoints: number[];
  /** The scenario as YAML, with every default. */
  scenario: string;
  versions: { candor: string; node: string; hash: string };
  inputs: Record<string, string>;
  /** Latest warnings and errors of the log. */
  warnings: string[];
  /** Why the run stopped, as its log tells; null where it did not, or left no word. */
  cause: string | null;
  /** What the suites that were put say of themselves. */
  suites: SuiteInfo[];
};
