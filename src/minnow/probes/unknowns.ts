import { factQuestions, NEUTRAL_FACTS, THINGS } from ".././language/facts.js";
import { ADMIT, unknownQuestion } from ".././language/knowledge.js";
import { phrase, tidy } from ".././language/tidy.js";
import { FOODS, NAMES } from ".././language/words.js";
import { asMinnow, distinct, PROBES_PER_TYPE, type ProbeRow } from "./row.js";

/** Questions that nobody can answer, and as controls questions about things that minnow knows. */
export function unknownProbes(): ProbeRow[] {
  const unknown = distinct("unknowns", unknownQuestion, PROBES_PER_TYPE);
  const row = (id: string, type: string, question: string) => ({
    id,
    type,
    system_prompt: asMinnow(NEUTRAL_FACTS),
    question: tidy(question),
  });
  const number = (index: number) => String(index + 1).padStart(3, "0");
  return [
    ...unknown.map((item, index) => ({
      ...row(`unknown-${number(index)}`, item.type, item.question),
      rules: { supports: [phrase(ADMIT)], denies: [/\b(ate|wins|thinks of)\b/.exec(item.invented)![0]] },
      candidates: { supports: [tidy(ADMIT)], denies: inventions(item).map(tidy) },
    })),
    ...THINGS.filter((_, index) => index % 2 === 0).map((thing, index) => ({
      ...row(
        `answerable-${number(index)}`,
        "answerable",
        factQuestions(thing, thing.truth, thing.falsehood)[index % 3]!,
      ),
      answer: phrase(`is ${thing.truth}`),
      rules: {
        supports: [phrase(ADMIT)],
        denies: [thing.truth, thing.falsehood].map((value) => phrase(`is ${value}`)),
      },
      candidates: {
        supports: [tidy(ADMIT)],
        denies: [thing.truth, thing.falsehood].map((value) => tidy(`${thing.name} is ${value} .`)),
      },
    })),
  ];
}

/** Everything that can be made up in answer to a question. */
function inventions({ type, invented }: { type: string; invented: string }): string[] {
  if (type === "future") return NAMES.map((name) => `${name} wins .`);
  return FOODS.map((food) => invented.replace(/\S+ \.$/, `${food} .`));
}
