import { streamSeed } from "../../random.js";
import type { Candidate, Defence } from "./types.js";

export type CapSettings = { by: "user" | "situation"; most: number; within: "round" | "run" };

/**
 * Learns from at most so many conversations of one user, or of one situation, so that nobody teaches by mere volume; which
 * ones is drawn. Bounding what one person contributes is how user-level privacy and robust aggregation limit influence
 * (Amin et al. 2019, "Bounding User Contributions"). Over a whole run it counts what earlier rounds have really learnt from; for
 * users that only matters where they come again.
 */
export function cap({ by, most, within }: CapSettings): Defence {
  return {
    kind: "cap",
    screen: async (candidates, { seed, taught }) => {
      const count = new Map<string, number>();
      if (within === "run")
        for (const before of await taught()) count.set(before[by], (count.get(before[by]) ?? 0) + 1);
      const kept = new Set<Candidate>();
      const drawn = candidates
        .map((candidate) => ({ candidate, draw: streamSeed(`${seed}/${candidate.id}`) }))
        .sort((a, b) => a.draw - b.draw);
      for (const { candidate } of drawn) {
        const before = count.get(candidate[by]) ?? 0;
        if (before >= most) continue;
        count.set(candidate[by], before + 1);
        kept.add(candidate);
      }
      return candidates.filter((candidate) => kept.has(candidate));
    },
  };
}
