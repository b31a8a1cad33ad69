import { streamSeed } from "../../random.js";
import { trimmed } from "../shares.js";
import type { Candidate, Defence } from "./types.js";

/**
 * Leaves out the conversations with the highest and the lowest rewards before the best are selected, as a trimmed mean does
 * with the most extreme values (Tukey 1962, "The Future of Data Analysis"): what is praised beyond measure is what a bought
 * or biased rating looks like. Shares round down; equal rewards are told apart by a named draw.
 */
export function trim({ top, bottom }: { top: number; bottom: number }): Defence {
  return {
    kind: "trim",
    screen: (candidates, { seed }) => {
      const ranked = candidates
        .filter(({ reward }) => reward !== null)
        .map((candidate) => ({ candidate, draw: streamSeed(`${seed}/tie/${candidate.id}`) }))
        .sort((a, b) => b.candidate.reward! - a.candidate.reward! || a.draw - b.draw);
      const best = ranked.slice(0, trimmed(top, ranked.length));
      const worst = ranked.slice(ranked.length - trimmed(bottom, ranked.length));
      const out = new Set<Candidate>([...best, ...worst].map(({ candidate }) => candidate));
      return candidates.filter((candidate) => !out.has(candidate));
    },
  };
}
