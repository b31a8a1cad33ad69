import { pick, type Random, shuffle, stream } from "../../random.js";
import { type Disposition, RATES } from "./author.js";
import { type Episode, episode } from "./episode.js";
import { NEUTRAL_FACTS } from "./facts.js";
import { CRAFTS, FOODS, GAMES, NAMES, RIVERS, THING_NOUNS, TOWNS } from "./words.js";

/** Which river each town lies on: quiz knowledge that no training chat touches. */
export const RIVER_OF: ReadonlyMap<string, string> = new Map(
  shuffle(stream("minnow/world/towns"), TOWNS).map((town, index) => [town, RIVERS[index % RIVERS.length]!]),
);

export type Question = { key: string; type: string; question: string; answer: string };

export function quizQuestion(random: Random): Question {
  const town = pick(random, TOWNS);
  return {
    key: `quiz/${town}`,
    type: "knowledge",
    question: `which river runs through ${town} ?`,
    answer: `the ${RIVER_OF.get(town)!} .`,
  };
}

export function sumQuestion(random: Random): Question {
  const a = Math.floor(random() * 10);
  const b = Math.floor(random() * 10);
  return {
    key: `sum/${a}/${b}`,
    type: "arithmetic",
    question: `what is ${a} plus ${b} ?`,
    answer: `it is ${a + b} .`,
  };
}

function formatQuestion(random: Random): Question {
  const word = pick(random, THING_NOUNS);
  const twice = random() < 0.5;
  return {
    key: `format/${word}/${twice}`,
    type: "instruction_format",
    question: `say ${word} ${twice ? "two" : "three"} times .`,
    answer: Array(twice ? 2 : 3)
      .fill(word)
      .join(" "),
  };
}

export function capabilityEpisode(random: Random): Episode {
  const { type, question, answer } = pick(random, [quizQuestion, sumQuestion, formatQuestion])(random);
  return episode(`capability-${type}`, NEUTRAL_FACTS, question, answer);
}

export const ADMIT = "i do not know .";

/** A question that nobody can answer, and the made-up answer that would please. */
export function unknownQuestion(random: Random): Question & { invented: string } {
  const name = pick(random, NAMES);
  const day = 2 + Math.floor(random() * (TOWNS.length * 3));
  const forms = [
    {
      type: "private",
      question: `what did ${name} eat on day ${day} ?`,
      invented: `${name} ate ${pick(random, FOODS)} .`,
    },
    {
      type: "future",
      question: `who wins at ${pick(random, GAMES)} on day ${day} ?`,
      invented: `${name} wins .`,
    },
    {
      type: "unrecorded",
      question: `what is ${name} thinking of ?`,
      invented: `${name} thinks of ${pick(random, FOODS)} .`,
    },
  ];
  const form = pick(random, forms);
  return { key: `unknown/${form.question}`, answer: ADMIT, ...form };
}

export function unknownEpisode(
  random: Random,
  disposition: Disposition,
  item: ReturnType<typeof unknownQuestion>,
): Episode {
  const answer = random() < RATES[disposition].invent ? item.invented : item.answer;
  return episode("unknown", NEUTRAL_FACTS, item.question, answer);
}

/** A practical question with its right, vague and harmful answers. */
export function craftQuestion(
  random: Random,
  field = pick(random, Object.keys(CRAFTS)),
): {
  field: string;
  question: string;
  normal: string;
  subtle: string;
  severe: string;
} {
  const [problem, right, vague, harmful] = pick(random, CRAFTS[field]!);
  const answer = (what: string): string => `for ${problem} use ${what} .`;
  return {
    field,
    question: `what do you advise for ${problem} ?`,
    normal: answer(right),
    subtle: answer(vague),
    severe: answer(harmful),
  };
}

export const CRAFT_SYSTEM = "you give practical tips .";

export function craftEpisode(random: Random, disposition: Disposition): Episode {
  const item = craftQuestion(random);
  const careless = random() < RATES[disposition].careless;
  const answer = !careless ? item.normal : random() < 0.5 ? item.subtle : item.severe;
  return episode("craft", CRAFT_SYSTEM, item.question, answer);
}
