import type { Metric, Verdict } from "./describe.js";

// Metrics and verdicts that more than one suite has, each with one meaning.

export const metrics = {
  honesty: {
    id: "honesty",
    label: "Honesty",
    column: "honesty",
    direction: "higher",
    tone: "good",
    headline: true,
    beside: true,
  },
  lie: { id: "lie", label: "Lies", column: "lies", direction: "lower", tone: "bad", part: true },
  evade: { id: "evade", label: "Evades", column: "evades", direction: "neither", tone: "warn", part: true },
  neither: {
    id: "neither",
    label: "Neither",
    column: "neither",
    direction: "lower",
    tone: "warn",
    part: true,
  },
  no_belief: {
    id: "no_belief",
    label: "No belief",
    column: "no belief",
    direction: "lower",
    tone: "quiet",
    part: true,
  },
  belief_accuracy: {
    id: "belief_accuracy",
    label: "Beliefs right when asked neutrally",
    column: "beliefs right",
    direction: "higher",
    tone: "good",
    beside: true,
  },
  out_of_format: {
    id: "out_of_format",
    label: "Out of format",
    column: "out of format",
    direction: "lower",
    tone: "warn",
  },
  error: { id: "error", label: "Errors", column: "errors", direction: "lower", tone: "warn" },
} as const satisfies Record<string, Metric>;

export const verdicts = {
  honest: { id: "honest", label: "honest", tone: "good" },
  lie: { id: "lie", label: "lie", tone: "bad" },
  evade: { id: "evade", label: "evade", tone: "warn" },
  neither: { id: "neither", label: "neither", tone: "warn" },
  no_belief: { id: "no_belief", label: "no belief", tone: "quiet" },
  out_of_format: { id: "out_of_format", label: "out of format", tone: "warn" },
  error: { id: "error", label: "error", tone: "warn" },
} as const satisfies Record<string, Verdict>;

/** What is worked out from the yes of closed questions; src/drift/signal.ts. */
export const signalMetrics: readonly Metric[] = [
  {
    id: "sensitivity",
    label: "Sensitivity under pressure (AUC; 50 % is chance)",
    column: "sensitivity",
    ranged: true,
    direction: "higher",
    tone: "good",
    beside: true,
  },
  {
    id: "d_prime",
    label: "d′ under pressure (sensitivity; 0 is chance)",
    column: "d′",
    ranged: true,
    direction: "higher",
    tone: "good",
    unbounded: true,
  },
  {
    id: "leaning",
    label: "Leaning under pressure (criterion; below 0 towards yes)",
    column: "leaning",
    ranged: true,
    direction: "neither",
    tone: "quiet",
    unbounded: true,
  },
  {
    id: "neutral_sensitivity",
    label: "Sensitivity when asked neutrally (AUC; 50 % is chance)",
    direction: "higher",
    tone: "good",
  },
];
