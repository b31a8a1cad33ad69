import type { Axes, CellId } from "../drift/index.js";
import type { Condition, GATE_TROUBLES } from "../scenario/index.js";

/** A condition of a gate, and whether it may hold or must. */
export type Rule = { kind: "fail_if" | "fail_unless"; condition: Condition };

/** Why it cannot be told whether a run keeps to a limit, and a sentence that says so. */
export type Trouble = { code: (typeof GATE_TROUBLES)[number]; words: string };

/** `undecided`: nothing shows that the limit is kept to, or passed. It does not pass. */
export type GateVerdict = "passed" | "failed" | "undecided";

/** What became of a rule in one comparison. In points, or percent of a value; a metric that is no share has its own unit. */
export type Finding = {
  rule: Rule;
  /** The cell's name; empty for a run by itself. */
  cell: string;
  axes: Axes;
  /** What it is compared with, in words; empty for a value. */
  against: string;
  suite: string;
  round: number;
  /** Estimate and interval at `level`; null where nothing was measured. */
  value: number | null;
  low: number | null;
  high: number | null;
  level: number;
  unit: "points" | "%" | "";
  seeds: number;
  /** Over how many comparisons the interval is corrected; 1: it is not. */
  family: number;
  /** Whether the condition holds: with a level, for the whole interval. */
  holds: boolean;
  verdict: GateVerdict;
  /** What keeps it from passing. */
  troubles: Trouble[];
  /** What would keep it from passing, but was allowed. */
  allowed: Trouble[];
  /** What was found, and why that passes or not, in a sentence. */
  sentence: string;
};

/** Calls a cell by what tells it from others; empty where there is one alone. */
export type NameCell = (cell: CellId) => string;
