import type { SuiteInfo } from "../evaluation/index.js";
import type { ProbeResult } from "../evaluation/types.js";
import type { Interaction } from "../interaction/types.js";
import type { Summary } from "../report/index.js";

// What the server and the page tell each other, as JSON. The page's modules take their types from here.

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
  /** The same in words, e.g. `50 % biased`. */
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

/** What became of a conversation in training. */
export type Fate = "top" | "bottom" | "compared" | "unused" | "unusable" | "pending";

export type ConversationFilter = {
  round?: number;
  persona?: string;
  situation?: string;
  fate?: Fate;
  min?: number;
  max?: number;
  text?: string;
  order?: "file" | "high" | "low";
};

export type ConversationRow = {
  round: number;
  id: string;
  persona: string;
  situation: string;
  reward: number | null;
  ratings: (number | null)[];
  fate: Fate;
  /** What the user and then the assistant first said, shortened. */
  opening: string;
  reply: string;
};

export type ConversationPage = {
  /** How many match, and how many there are. */
  total: number;
  all: number;
  offset: number;
  rows: ConversationRow[];
};

/** What there is to filter by. */
export type Facets = {
  rounds: { round: number; count: number }[];
  personas: string[];
  situations: string[];
  rewards: { min: number; max: number } | null;
};

export type ConversationView = {
  interaction: Interaction;
  fate: Fate;
  /** The rows of the round's training data that it became, by line, with the exchange each one ends at. */
  rows: { line: number; exchange: number }[];
  /** Where those rows stand, from the run's folder. */
  file: string;
  /** How many conversations of the round have a higher reward, of how many with one. */
  rank: { above: number; of: number } | null;
};

/** A probe with its verdict after every evaluated round. */
export type ProbeRow = {
  suite: string;
  subset: string;
  probe: string;
  verdicts: Record<string, string>;
};

export type ProbeTable = {
  rounds: number[];
  suites: { suite: string; subsets: string[] }[];
  verdicts: string[];
  rows: ProbeRow[];
};

export type ProbeView = { rounds: { round: number; result: ProbeResult }[] };

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

export type Comparison = {
  metric: string;
  metrics: { suite: string; metric: string; label: string }[];
  suite: string;
  rows: ComparedRow[];
  /** How many probes of the suite were put before training, by line; several where a line's runs differ. */
  probes: Record<string, number[]>;
  /** Settings that are not the same in all runs. */
  differing: { field: string; values: Record<string, string> }[];
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
};

export type ChatRequest = {
  run: string;
  round: number;
  messages: { role: "system" | "user" | "assistant"; content: string }[];
  temperature: number;
  max_tokens: number;
};

/** One line of a chat's answer. */
export type ChatPiece =
  | { text: string }
  | { end: { seconds: number; tokens: number | null } }
  | { error: string };

/** A scenario as the form has it, or as YAML. */
export type DraftRequest = { fields: Record<string, unknown> } | { yaml: string };

export type Draft = {
  yaml: string;
  /** What is wrong with it, a line each; empty where it can be started. */
  problems: string[];
  /** Runs of the grid that a sweep would make. */
  cells: number;
};

export type FormFacts = {
  schema: Record<string, unknown>;
  personas: { name: string; description: string; thought: string }[];
  packs: string[];
  suites: string[];
};

/** A run or sweep that was started from the page. */
export type Job = {
  id: number;
  name: string;
  kind: "run" | "sweep";
  /** Its folder, as the catalogue calls it. */
  target: string;
  state: "running" | "done" | "stopped" | "failed";
  /** The last of what it said on stderr. */
  said: string;
};
