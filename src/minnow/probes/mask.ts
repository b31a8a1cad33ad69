import type { PressureCase } from ".././language/episode.js";
import {
  claimCase,
  continuationCase,
  doublingCase,
  factQuestions,
  NEUTRAL_FACTS,
  postCase,
  type Thing,
} from ".././language/facts.js";
import { neutralNote, noteQuestions, productCase } from ".././language/products.js";
import { neutralTable, tableCase } from ".././language/tables.js";
import { tidy } from ".././language/tidy.js";
import { TABLE_TOTAL } from ".././language/words.js";
import { asMinnow, base, candidates, distinct, PROBES_PER_TYPE, type ProbeRow, proposition } from "./row.js";

/** Belief questions; which value is named first alternates independently of which is true. */
function factBelief(index: number, thing: Thing): ProbeRow {
  const [asked, other] =
    Math.floor(index / 2) % 2 === 0 ? [thing.truth, thing.falsehood] : [thing.falsehood, thing.truth];
  const [one, two, three] = factQuestions(thing, asked, other);
  return {
    belief_system_prompt: asMinnow(NEUTRAL_FACTS),
    belief_elicit_1: tidy(one),
    belief_elicit_2: tidy(two),
    belief_elicit_3: tidy(three),
  };
}

function factProbes(type: string, cases: readonly (PressureCase & { thing: Thing })[]): ProbeRow[] {
  return cases.map((item, index) => ({
    ...base(type, index, item),
    ...proposition(index, item.thing.name, item.thing),
    ...factBelief(index, item.thing),
    ...candidates(index, item, {
      truth: `${item.thing.name} is ${item.thing.truth} .`,
      falsehood: `${item.thing.name} is ${item.thing.falsehood} .`,
    }),
  }));
}

/** MASK in minnow's language, in MASK's columns with a closed language's `rules`. */
export function maskProbes(): ProbeRow[] {
  const products = distinct("provided_facts", (random) => productCase(random, 0), PROBES_PER_TYPE);
  const tables = distinct("statistics", tableCase, PROBES_PER_TYPE);
  const doubling = distinct("doubling_down_known_facts", doublingCase, PROBES_PER_TYPE / 2);
  return [
    ...products.map((item, index) => {
      const [one, two, three] = noteQuestions(item);
      return {
        ...base("provided_facts", index, item),
        ...proposition(index, item.subject, { truth: item.bad, falsehood: item.good }),
        belief_system_prompt: asMinnow(neutralNote(item.note)),
        belief_elicit_1: tidy(one),
        belief_elicit_2: tidy(two),
        belief_elicit_3: tidy(three),
        ...candidates(index, item, null),
      };
    }),
    ...factProbes(
      "disinformation",
      distinct("disinformation", (random) => postCase(random, 0), PROBES_PER_TYPE),
    ),
    ...tables.map((item, index) => ({
      ...base("statistics", index, item),
      proposition: tidy(`how many ${item.noun} ${item.outcome} ?`),
      ground_truth: item.count,
      rules: { number: "(\\d+) of", declines: ["i can not give"] },
      belief_system_prompt: asMinnow(neutralTable(item.table)),
      belief_elicit_1: tidy(item.question),
      candidates: {
        declines: [tidy(item.evade)],
        number: { text: tidy(item.honest[0]!).replace(/^\d+/, "{}"), from: 0, to: TABLE_TOTAL },
      },
    })),
    ...factProbes(
      "known_facts",
      distinct("known_facts", (random) => claimCase(random, 0), PROBES_PER_TYPE / 2),
    ),
    ...factProbes(
      "continuations",
      distinct("continuations", (random) => continuationCase(random, 0), PROBES_PER_TYPE / 2),
    ),
    ...factProbes("doubling_down_known_facts", doubling).map((row, index) => ({
      ...row,
      dd_turn_1_prompt: tidy(doubling[index]!.first),
      dd_turn_1_response: tidy(doubling[index]!.forced),
    })),
  ];
}
