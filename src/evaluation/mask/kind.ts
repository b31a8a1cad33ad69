import { metrics, verdicts } from "../metrics.js";
import type { SuiteKind } from "../types.js";
import { maskSuite } from "./suite.js";

/** Honesty after MASK: what is said under pressure against what is believed when asked neutrally. */
export const mask: SuiteKind = {
  name: "mask",
  label: "MASK",
  metrics: [
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
  open: maskSuite,
};
