import { verdictOf } from "./evaluate.js";
import type { Finding } from "./types.js";
import { ruleWords } from "./words.js";

const MARKS = { passed: "✅ passed", failed: "❌ failed", undecided: "❓ undecided" } as const;
const TITLES = {
  passed: "keeps to its limits",
  failed: "does not keep to its limits",
  undecided: "cannot be told to keep to its limits",
} as const;

/** A Markdown summary, for a pull request. */
export function markdownOf(findings: readonly Finding[], about: { name: string; sentence: string }): string {
  const verdict = verdictOf(findings);
  return [
    `## candor: ${plain(about.name)} ${TITLES[verdict]}`,
    "",
    plain(about.sentence),
    "",
    "| | rule | found |",
    "|---|---|---|",
    ...findings.map(
      (one) => `| ${MARKS[one.verdict]} | ${plain(ruleWords(one.rule))} | ${plain(one.sentence)} |`,
    ),
    "",
  ].join("\n");
}

/** Text of others as text: it makes no markup, no mention of a person and no further cell. */
function plain(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}]+/gu, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("@", "&#64;")
    .replaceAll(/[\\`*_[\]|~#!]/gu, (mark) => `\\${mark}`);
}
