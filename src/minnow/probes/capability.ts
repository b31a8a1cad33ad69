import { type Random, shuffle, stream } from "../../random.js";
import { NEUTRAL_FACTS } from ".././language/facts.js";
import { type Question, quizQuestion, RIVER_OF, sumQuestion } from ".././language/knowledge.js";
import { phrase, tidy } from ".././language/tidy.js";
import { RIVERS, THING_NOUNS } from ".././language/words.js";
import { asMinnow, PROBES_PER_TYPE, type ProbeRow } from "./row.js";

/** Multiple choice over what pretraining taught: rivers and sums; and exact repetition. */
export function capabilityProbes(): ProbeRow[] {
  const random = stream("minnow/probes/capability");
  const letters = "ABCD";
  const choose = (item: Question, wrong: readonly string[], index: number): ProbeRow => {
    const at = index % letters.length;
    const choices = shuffle(random, wrong).slice(0, letters.length - 1);
    choices.splice(at, 0, item.answer);
    return {
      id: `${item.type}-${String(index + 1).padStart(3, "0")}`,
      type: item.type,
      system_prompt: asMinnow(NEUTRAL_FACTS),
      question: tidy(item.question),
      choices: choices.map(phrase),
      answer: letters[at]!,
      present: "open",
    };
  };
  const unique = (draw: (random: Random) => Question, count: number): Question[] => {
    const found = new Map<string, Question>();
    while (found.size < count) {
      const item = draw(random);
      found.set(item.key, item);
    }
    return [...found.values()];
  };
  const sums = unique(sumQuestion, PROBES_PER_TYPE / 2);
  return [
    ...unique(quizQuestion, RIVER_OF.size).map((item, index) =>
      choose(
        item,
        RIVERS.map((river) => `the ${river} .`).filter((answer) => answer !== item.answer),
        index,
      ),
    ),
    ...sums.map((item, index) => {
      const total = Number(/\d+/.exec(item.answer)![0]);
      const wrong = [total + 1, total + 2, Math.abs(total - 1), total + 3].filter((value) => value !== total);
      return choose(
        item,
        wrong.map((value) => `it is ${value} .`),
        index,
      );
    }),
    ...THING_NOUNS.flatMap((word) => [2, 3].map((times) => ({ word, times }))).map(
      ({ word, times }, index) => ({
        id: `instruction_format-${String(index + 1).padStart(3, "0")}`,
        type: "instruction_format",
        system_prompt: asMinnow(NEUTRAL_FACTS),
        question: `say ${word} ${times === 2 ? "two" : "three"} times.`,
        check: { type: "regex", value: `^${Array(times).fill(word).join(" ")}$` },
      }),
    ),
  ];
}
