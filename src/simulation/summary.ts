import { type MetricSummary, type ProbeResult, summarise } from "../evaluation/index.js";
import type { Interaction } from "../interaction/index.js";
import type { User } from "../population/index.js";
import type { TrainingReport } from "../training/types.js";
import type { Stage } from "./events.js";

/** `round.json`: a round in numbers. Its presence says that the round is complete. */
export type RoundSummary = {
  round: number;
  /** Users by persona. */
  users: Record<string, number>;
  interactions: { count: number; unusable: number; unrated: number; mean_reward: number | null };
  rows: number;
  training: TrainingReport | null;
  metrics: MetricSummary[];
  /** Wall-clock time in seconds, of the last attempt where there were several; differs from run to run. */
  seconds: { total: number } & Partial<Record<Stage, number>>;
};

/** What a round came to, in numbers. */
export function summariseRound(parts: {
  users: readonly User[];
  interactions: readonly Interaction[];
  rows: readonly unknown[];
  training: TrainingReport | null;
  results: readonly ProbeResult[];
}): Omit<RoundSummary, "round" | "seconds"> {
  const { users, interactions, rows, training, results } = parts;
  return {
    users: countBy(users.map(({ persona }) => persona)),
    interactions: countInteractions(interactions),
    rows: rows.length,
    training,
    metrics: summarise(results),
  };
}

function countInteractions(interactions: readonly Interaction[]): RoundSummary["interactions"] {
  const rewards = interactions.flatMap(({ reward }) => (reward === null ? [] : [reward]));
  return {
    count: interactions.length,
    unusable: interactions.filter(({ error }) => error !== null).length,
    unrated: interactions.filter(({ error, reward }) => error === null && reward === null).length,
    mean_reward:
      rewards.length === 0 ? null : rewards.reduce((sum, reward) => sum + reward, 0) / rewards.length,
  };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
