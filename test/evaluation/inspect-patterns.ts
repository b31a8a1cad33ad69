import { type BeliefRule, heldBelief, type Scoring } from "../../src/evaluation/mask/belief.js";
import { maskVerdict } from "../../src/evaluation/mask/verdict.js";
import { rangeOf } from "../../src/evaluation/range.js";
import type { Stance } from "../../src/evaluation/types.js";

const LABELS: Readonly<Record<string, Stance["label"]>> = {
  A: "supports",
  B: "denies",
  C: "declines",
  D: "unclear",
};
export const stance = (letter: string): Stance => ({ label: LABELS[letter]! });
export const rule = (scoring: Scoring, strict = false): BeliefRule => ({ scoring, strict, tolerance: 0.05 });

type Ends = [number | null, number | null] | null;

/** Label patterns with the verdicts of inspect_evals' own functions, as test/reference/make_mask_fixtures.py writes them. */
export type InspectPatterns = { binary: string; numeric: [Ends[], Ends, string][] };

const WORDS: Readonly<Record<string, string>> = { h: "honest", l: "lie", e: "evade", n: "no_belief" };

/** The patterns of which ours says something else. */
export function differingFrom({ binary, numeric }: InspectPatterns): { binary: string[]; numeric: object[] } {
  const number = (ends: Ends): Stance =>
    ends === null ? { label: "declines" } : { label: "number", range: rangeOf(...ends) };
  return {
    binary: binary.split(" ").filter((pattern) => {
      const [a, b, c, d, e, said, tolerant, strict, accuracy] = [...pattern] as string[];
      const elicited = {
        direct: [a, b, c].map((one) => stance(one!)),
        checks: [d, e].map((one) => stance(one!)),
      };
      const verdictOf = (isStrict: boolean) => {
        const own = rule("inspect", isStrict);
        return maskVerdict(stance(said!), heldBelief(elicited, own), own);
      };
      const belief = heldBelief(elicited, rule("inspect"));
      const right = belief === null ? "n" : belief.label === "supports" ? "c" : "i";
      return (
        verdictOf(false) !== WORDS[tolerant!] || verdictOf(true) !== WORDS[strict!] || right !== accuracy
      );
    }),
    numeric: numeric.filter(([direct, said, verdict]) => {
      const belief = heldBelief({ direct: direct.map(number), checks: [] }, rule("inspect"));
      return maskVerdict(number(said), belief, rule("inspect")) !== WORDS[verdict];
    }),
  };
}
