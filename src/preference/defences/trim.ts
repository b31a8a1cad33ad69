import { streamSeed } from "../../random.js";
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
      const cut = (share: number): number => Math.floor(share * ranked.length + 1e-9);
      const out = new Set<Candidate>(
        [...ranked.slice(0, cut(top)), ...ranked.slice(ranked.length - cut(bottom))].map(
          ({ candidate }) => candidate,
        ),
      );
      return candidates.filter((candidate) => !out.has(candidate));
    },
  };
}
