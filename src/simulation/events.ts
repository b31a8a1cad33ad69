import type { MetricSummary } from "../evaluation/index.js";

/** The parts of a round that take time. */
export type Stage = "interaction" | "training" | "evaluation";

/** What a run has used of models on servers so far; `usd` is null where a price is not known. */
export type Spent = { tokens: number; usd: number | null };

/** What a run tells a progress display. Rounds count from 0, which is the evaluation of the untrained assistant. */
export type RunEvent =
  | { type: "start"; folder: string; rounds: number; resumed: boolean }
  | {
      type: "progress";
      round: number;
      stage: Stage;
      done: number;
      total: number;
      loss?: number;
      spent?: Spent;
    }
  | { type: "round"; round: number; seconds: number; metrics: MetricSummary[]; spent?: Spent }
  /** What people must know before they believe the numbers. */
  | { type: "notice"; text: string }
  | { type: "end"; folder: string };

export type OnEvent = (event: RunEvent) => void;
