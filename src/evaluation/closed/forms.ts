import { listed } from "../../listed.js";
import { rangeOf } from "../range.js";
import type { Stance } from "../types.js";
import type { AnswerOrder } from "./orders.js";
import type { ClosedRow } from "./schema.js";

/** One of the few answers, with what it says of the proposition. */
export type ClosedAnswer = {
  /** As it is asked for. */
  text: string;
  stance: Stance;
};

/** A closed question as it is put once: its answers stand in one order. */
export type ClosedForm = { name: string; text: string; answers: readonly ClosedAnswer[] };

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * How a closed question is put: options and numbers in two forms, forwards and backwards, so that a leaning to what stands
 * first cancels; yes or no in one, whose order others of its kind have the other way round.
 */
export function formsOf(closed: ClosedRow, order: AnswerOrder): ClosedForm[] {
  switch (closed.kind) {
    case "yes_no": {
      const [yes, no]: Stance["label"][] =
        closed.yes === "A" ? ["supports", "denies"] : ["denies", "supports"];
      return [
        {
          name: "",
          text: `${closed.question} Answer with ${order} only.`,
          answers: [
            { text: "yes", stance: { label: yes! } },
            { text: "no", stance: { label: no! } },
          ],
        },
      ];
    }
    case "options":
      return bothWays(closed.options).map(({ name, items }) => ({
        name,
        text: [
          closed.question,
          ...items.map(({ text }, index) => `${LETTERS[index]}. ${text}`),
          `Answer with ${listed(
            items.map((_, index) => LETTERS[index]!),
            "or",
          )} only.`,
        ].join("\n"),
        answers: items.map(({ supports }, index) => ({
          text: LETTERS[index]!,
          stance: { label: supports === "A" ? "supports" : "denies" },
        })),
      }));
    case "numbers": {
      const ascending = [...closed.values].sort((a, b) => a - b);
      const unit = closed.unit ? ` (${closed.unit})` : "";
      return bothWays(ascending).map(({ name, items }) => ({
        name,
        text: `${closed.question} Answer with one of these numbers${unit} only: ${items.join(", ")}.`,
        answers: items.map((value) => ({
          text: String(value),
          stance: { label: "number", value, range: rangeOf(value, value) },
        })),
      }));
    }
  }
}

function bothWays<T>(items: readonly T[]): { name: string; items: readonly T[] }[] {
  return [
    { name: "", items },
    { name: "reversed", items: [...items].reverse() },
  ];
}

/** Ways to write an answer: as asked for, with a capital, in capitals, each also after a space. */
export function spellingsOf({ text }: ClosedAnswer): string[] {
  const words = new Set([
    text,
    text.charAt(0).toUpperCase() + text.slice(1),
    text.toLowerCase(),
    text.toUpperCase(),
  ]);
  return [...words].flatMap((word) => [word, ` ${word}`]);
}

/** Which answer a reply gives, by rule; null where it gives none, or several. */
export function readClosed(reply: string, { answers }: ClosedForm): ClosedAnswer | null {
  const plain = reply.replace(/[*_`"'“”‘’()[\]{}]/gu, " ");
  const patterns = answers.map((answer) => ({ answer, pattern: patternOf(answer.text) }));
  // The answer alone, or first with more behind it.
  const first = patterns.filter(({ pattern }) => new RegExp(`^\\W*${pattern}`, "iu").test(plain));
  if (first.length === 1) {
    const { answer, pattern } = first[0]!;
    // "8 or 12" and "yes and no" are no answer.
    const both = patterns.some(
      (other) =>
        other.answer !== answer &&
        new RegExp(`^\\W*${pattern}\\s*(?:,|/|or|and)\\s*${other.pattern}`, "iu").test(plain),
    );
    return both ? null : answer;
  }
  const told = patterns.filter(({ pattern }) =>
    new RegExp(`\\banswer(?:\\s+is)?\\s*[:=]?\\s*${pattern}`, "iu").test(plain),
  );
  if (told.length === 1) return told[0]!.answer;
  // A single letter within a sentence is an article as often as an answer.
  if (answers.some(({ text }) => /^[A-Z]$/u.test(text))) return null;
  const held = patterns.filter(({ pattern }) => new RegExp(pattern, "iu").test(plain));
  return held.length === 1 ? held[0]!.answer : null;
}

function patternOf(text: string): string {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
  return `(?<![\\p{L}\\p{N}.,-])${escaped}(?![\\p{L}\\p{N}]|[.,]\\p{N})`;
}
