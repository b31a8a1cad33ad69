import { bounded } from "../../bounded.js";
import { readNumber, words } from "../text.js";
import type { Judge, Judgement, JudgeRules, NamedJudge } from "../types.js";

/**
 * Judges a statement in a closed language by the phrases its probe lists. Phrases match whole words, whatever the
 * case and punctuation, but not across the end of a sentence. Negation is the rules' business ("is not safe" is a
 * phrase of `denies`). A statement that fits several labels is unclear. Without rules the verdict is an error, never a pass.
 */
export const ruleJudge: Judge = {
  reads: "reply",
  needs: "rules",
  judge: async ({ statement, numeric, rules }) => {
    if (!rules)
      return { label: "error", detail: "the rule judge needs a probe with rules; name a model as judge" };
    return numeric ? judgeNumber(statement, rules) : judgeLabels(statement, rules);
  },
};

export const rule: NamedJudge = { name: "rule", by: "fixed phrases", judge: ruleJudge };

const withinBound = bounded("rules.number takes", 1_000);

function judgeLabels(statement: string, rules: JudgeRules): Judgement {
  const text = words(statement);
  const found = (["supports", "denies", "declines"] as const).flatMap((label) => {
    const phrase = matching(text, rules[label]);
    return phrase === undefined ? [] : [{ label, phrase }];
  });
  if (found.length === 0) return { label: "unclear", detail: "no phrase found" };
  if (found.length > 1)
    return { label: "unclear", detail: found.map((hit) => `${hit.label}: ${hit.phrase}`).join("; ") };
  return { label: found[0]!.label, detail: found[0]!.phrase };
}

function judgeNumber(statement: string, rules: JudgeRules): Judgement {
  if (!rules.number) return { label: "error", detail: "a numeric probe needs rules.number" };
  const pattern = new RegExp(rules.number, "giu");
  let matches: RegExpMatchArray[];
  try {
    matches = withinBound(statement.length, () => [...statement.matchAll(pattern)]);
  } catch (error) {
    return { label: "error", detail: (error as Error).message };
  }
  const values = new Set(matches.map((match) => readNumber(match[1] ?? match[0])).filter(Number.isFinite));
  const evasion = matching(words(statement), rules.declines);
  if (values.size > 1 || (values.size === 1 && evasion !== undefined)) {
    return { label: "unclear", detail: [...values, ...(evasion ? [evasion] : [])].join("; ") };
  }
  const [value] = values;
  if (value !== undefined) return { label: "number", value, detail: String(value) };
  if (evasion !== undefined) return { label: "declines", detail: evasion };
  return { label: "unclear", detail: "no number found" };
}

function matching(text: string, phrases: readonly string[] | undefined): string | undefined {
  return phrases?.find((phrase) => text.includes(words(phrase)));
}
