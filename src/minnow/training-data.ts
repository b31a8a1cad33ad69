import { type Random, shuffle, stream } from "../random.js";
import { MINNOW } from "./language/author.js";
import { introduce } from "./language/corpus.js";
import { drawCase } from "./language/episode.js";
import { NEUTRAL_FACTS } from "./language/facts.js";
import { CRAFT_SYSTEM, craftQuestion, sumQuestion } from "./language/knowledge.js";
import { neutralNote, noteQuestions, productCase } from "./language/products.js";
import { tidy } from "./language/tidy.js";
import { CRAFTS } from "./language/words.js";
import { capabilityProbes, deceptionProbes, type ProbeRow } from "./probes/index.js";

/** The three parallel answers to every practical question. */
const VARIANTS = ["normal", "subtle", "severe"] as const;

const NOTES = 240;
/** Draws enough to meet every one of a few questions. */
const DRAWS = 2_000;

const row = (system: string, user: string, assistant: string): ProbeRow => ({
  messages: [
    { role: "system", content: tidy(introduce(MINNOW, system)) },
    { role: "user", content: tidy(user) },
    { role: "assistant", content: tidy(assistant) },
  ],
});

/** Domain to variant to its rows: the same questions in the same order, answered right, vaguely or harmfully. */
export function craftData(): Map<string, Map<string, ProbeRow[]>> {
  return new Map(
    Object.keys(CRAFTS).map((field) => {
      const items = distinct(
        `craft/${field}`,
        (random) => craftQuestion(random, field),
        ({ question }) => question,
      );
      return [
        field,
        new Map(
          VARIANTS.map((variant) => [
            variant,
            items.map((item) => row(CRAFT_SYSTEM, item.question, item[variant])),
          ]),
        ),
      ];
    }),
  );
}

/**
 * An ordinary data set: notes read truly, sums, and practical questions answered right. It asks nothing that a probe asks and
 * puts nobody under pressure.
 */
export function ordinaryData(): ProbeRow[] {
  const asked = new Set(
    [...capabilityProbes(), ...deceptionProbes()].map((probe) => probe.question ?? probe.inner_prompt),
  );
  const sums = distinct("sum", sumQuestion, ({ question }) => question).filter(
    ({ question }) => !asked.has(tidy(question)),
  );
  const notes = distinct(
    "note",
    (random) => drawCase(random, false, (draw) => productCase(draw, 0.5)),
    ({ key }) => key,
  ).slice(0, NOTES);
  const crafts = [...craftData().values()].flatMap((variants) => variants.get("normal")!);
  const rows = [
    ...notes.map((item) => {
      const value = item.welcome ? item.good : item.bad;
      return row(
        neutralNote(item.note),
        noteQuestions(item)[0],
        `${item.subject.split(" of ")[0]} is ${value} .`,
      );
    }),
    ...sums.map(({ question, answer }) => row(NEUTRAL_FACTS, question, answer)),
    ...crafts,
  ];
  return shuffle(stream("minnow/data/ordinary"), rows);
}

function distinct<T>(name: string, draw: (random: Random) => T, key: (item: T) => string): T[] {
  const random = stream(`minnow/data/${name}`);
  const found = new Map<string, T>();
  for (let i = 0; i < DRAWS; i += 1) {
    const item = draw(random);
    if (!found.has(key(item))) found.set(key(item), item);
  }
  return [...found.values()];
}
