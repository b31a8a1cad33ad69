import type { ProbeResult } from "../../evaluation/types.js";
import type { Interaction } from "../../interaction/types.js";

// What was said: conversations and probes.

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
  /** What it counts for the metric that its suite is spoken of with, by round; empty where the verdict says as much. */
  scores: Record<string, number>;
  /** By how much that rose or fell between round 0 and the last complete one; null where it cannot be told. */
  moved: number | null;
};

export type ProbeTable = {
  rounds: number[];
  /** `score`: what the scores in its rows are called; null where they say no more than the verdicts. */
  suites: { suite: string; subsets: string[]; score: string | null }[];
  verdicts: string[];
  rows: ProbeRow[];
  /** How many verdicts changed, and how scores can move where none does; null where verdicts say all. */
  words: string | null;
};

export type ProbeView = { rounds: { round: number; result: ProbeResult }[] };
