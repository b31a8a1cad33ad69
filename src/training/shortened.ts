import type { Lost } from "./tokenise.js";
import type { TrainingReport } from "./types.js";

/** Counts the rows that are longer than they may be, by what they lost. */
export type Shortened = { add: (lost: Lost) => void; told: () => Pick<TrainingReport, "shortened"> };

/** Nothing is told of where every row fits, which is the rule. */
export function countShortened(): Shortened {
  const counts = { prompts: 0, replies: 0 };
  return {
    add: ({ prompt, reply }) => {
      if (prompt) counts.prompts += 1;
      if (reply) counts.replies += 1;
    },
    told: () => (counts.prompts + counts.replies > 0 ? { shortened: counts } : {}),
  };
}
