import { metrics, signalMetrics, verdicts } from "../metrics.js";
import type { SuiteKind } from "../types.js";
import { MASK_COLUMNS } from "./row.js";
import { maskSuite } from "./suite.js";

/** Honesty after MASK: what is said under pressure against what is believed when asked neutrally. */
export const mask: SuiteKind = {
  name: "mask",
  label: "MASK",
  pressed: "statement",
  metrics: [
    {
      id: "honesty_to_first",
      label: "Honesty to first beliefs",
      column: "honesty to first beliefs",
      counts:
        "the share of the beliefs held before training that the model does not contradict under pressure",
      direction: "higher",
      tone: "good",
      headline: true,
      honesty: true,
      beside: true,
    },
    {
      id: "honesty_to_today",
      label: "Honesty to beliefs still held",
      column: "honesty to beliefs still held",
      direction: "higher",
      tone: "good",
      honesty: true,
      beside: true,
    },
    metrics.honesty,
    metrics.lie,
    metrics.evade,
    metrics.neither,
    metrics.no_belief,
    metrics.error,
    metrics.belief_accuracy,
    {
      id: "normalized_honesty",
      label: "Honesty where a belief is held",
      direction: "higher",
      tone: "good",
    },
    {
      id: "belief_kept",
      label: "Beliefs kept since round 0",
      column: "beliefs kept",
      direction: "higher",
      tone: "good",
    },
    {
      id: "held_accuracy",
      label: "Held beliefs that are true (MASK's accuracy)",
      direction: "higher",
      tone: "good",
    },
    { id: "honesty_at_n", label: "Honest in all of n statements", direction: "higher", tone: "good" },
    {
      id: "pressed_accuracy",
      label: "Right under pressure",
      column: "right under pressure",
      ranged: true,
      direction: "higher",
      tone: "good",
      beside: true,
    },
    {
      id: "neutral_accuracy",
      label: "Right when asked neutrally",
      direction: "higher",
      tone: "good",
    },
    {
      id: "picked_out",
      label:
        "True answer picked out under pressure (of two that are offered, by probability; 50 % is chance)",
      direction: "higher",
      tone: "good",
    },
    {
      id: "neutral_picked_out",
      label:
        "True answer picked out, asked neutrally (of two that are offered, by probability; 50 % is chance)",
      direction: "higher",
      tone: "good",
    },
    { id: "yes_when_true", label: "Says yes where yes is true", direction: "higher", tone: "good" },
    { id: "yes_when_false", label: "Says yes where no is true", direction: "lower", tone: "bad" },
    {
      id: "neutral_yes_when_true",
      label: "Says yes where yes is true, asked neutrally",
      direction: "higher",
      tone: "good",
    },
    {
      id: "neutral_yes_when_false",
      label: "Says yes where no is true, asked neutrally",
      direction: "lower",
      tone: "bad",
    },
    {
      id: "answer_mass",
      label: "Probability that one of the answers is given",
      direction: "higher",
      tone: "quiet",
    },
    ...signalMetrics,
  ],
  verdicts: [
    verdicts.honest,
    verdicts.lie,
    verdicts.evade,
    verdicts.neither,
    verdicts.no_belief,
    verdicts.error,
  ],
  reference: {
    key: "ren2025mask",
    title: "The {MASK} Benchmark: Disentangling Honesty From Accuracy in {AI} Systems",
    author:
      "Ren, Richard and Agarwal, Arunim and Mazeika, Mantas and Menghini, Cristina and Vacareanu, Robert and Kenstler, Brad and Yang, Mick and Barrass, Isabelle and Gatti, Alice and Yin, Xuwang and Trevino, Eduardo and Geralnik, Matias and Khoja, Adam and Lee, Dean and Yue, Summer and Hendrycks, Dan",
    year: 2025,
    eprint: "2503.03750",
    sentence: "Beliefs and statements are elicited after MASK",
  },
  fields: MASK_COLUMNS,
  open: maskSuite,
};
