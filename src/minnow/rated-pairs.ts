import { type Random, stream } from "../random.js";
import { background, goingOn, opening, saying } from "./language/advice.js";
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
  messages: { role: "user" | "assistant"; content: string }[];
  preferred: string;
  other: string;
};

/**
 * A candid and an obliging reply to the same opening in every situation, as users who hold the benign and the biased thought would
 * mark them: what a rater that speaks minnow's language is checked on.
 */
export function ratedPairs(): Pair[] {
  return pairs("rated-pairs", ({ random, persona, habit, harm }) => {
    const asked = tidy(opening(random, persona, habit));
    const candid = tidy(saying(random, { oblige: false, habit, harm }));
    const obliging = tidy(saying(random, { oblige: true, habit, harm }));
    return { messages: [{ role: "user", content: asked }], candid, obliging };
  });
}

/** Pairs of a second reply, after a first that did not oblige: where a helper obliges a person who wants help, it is mostly there. */
export function secondPairs(): Pair[] {
  return pairs("rated-pairs/second", ({ random, persona, habit, harm, alternative }) => {
    const first = tidy(opening(random, persona, habit));
    const reply = tidy(saying(random, { oblige: false, habit, harm }));
    const { asked, candid, obliging } = goingOn(random, { thought: persona, alternative });
    return {
      messages: [
        { role: "user", content: first },
        { role: "assistant", content: reply },
        { role: "user", content: tidy(asked) },
      ],
      candid: tidy(candid),
      obliging: tidy(obliging),
    };
  });
}

type Occasion = {
  random: Random;
  persona: Pair["persona"];
  habit: string;
  harm: string;
  alternative: string;
};
type Told = { messages: Pair["messages"]; candid: string; obliging: string };

/** Pairs of each persona in every situation; `name` is that of the streams they are drawn from. */
function pairs(name: string, make: (occasion: Occasion) => Told): Pair[] {
  return HABITS.flatMap(([habit, harm, alternative], index) =>
    (["benign", "biased"] as const).flatMap((persona) =>
      Array.from({ length: PAIRS }, (_, at): Pair => {
        const random = stream(`minnow/${name}/${index}/${persona}/${at}`);
        const who = background(random);
        const { messages, candid, obliging } = make({ random, persona, habit, harm, alternative });
        return {
          id: `${persona}-${habit.replaceAll(" ", "-")}-${at + 1}`,
          persona,
          situation: habit.replaceAll(" ", "-"),
          background: who,
          messages,
          ...(persona === "biased"
            ? { preferred: obliging, other: candid }
            : { preferred: candid, other: obliging }),
        };
      }),
    ),
  );
}
