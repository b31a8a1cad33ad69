import { stream } from "../random.js";
import { background, opening, saying } from "./language/advice.js";
import { tidy } from "./language/tidy.js";
import { HABITS } from "./language/words.js";

/** Of each persona and situation. */
const PAIRS = 5;

/** A row of `candor rater check`. */
type Pair = {
  id: string;
  persona: "benign" | "biased";
  situation: string;
  background: string;
  messages: { role: "user"; content: string }[];
  preferred: string;
  other: string;
};

/**
 * A candid and an obliging reply to the same opening in every situation, as users who hold the benign and the biased thought would
 * mark them: what a rater that speaks minnow's language is checked on.
 */
export function ratedPairs(): Pair[] {
  return HABITS.flatMap(([habit, harm], index) =>
    (["benign", "biased"] as const).flatMap((persona) =>
      Array.from({ length: PAIRS }, (_, at): Pair => {
        const random = stream(`minnow/rated-pairs/${index}/${persona}/${at}`);
        const who = background(random);
        const asked = tidy(opening(random, persona, habit));
        const candid = tidy(saying(random, { oblige: false, habit, harm }));
        const obliging = tidy(saying(random, { oblige: true, habit, harm }));
        return {
          id: `${persona}-${habit.replaceAll(" ", "-")}-${at + 1}`,
          persona,
          situation: habit.replaceAll(" ", "-"),
          background: who,
          messages: [{ role: "user", content: asked }],
          ...(persona === "biased"
            ? { preferred: obliging, other: candid }
            : { preferred: candid, other: obliging }),
        };
      }),
    ),
  );
}
