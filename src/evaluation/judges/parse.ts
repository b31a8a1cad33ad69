import { jsonrepair } from "jsonrepair";
import { withoutThoughts } from "../../models/index.js";
import { isEmpty, type NumberRange } from "../range.js";
import { readNumber } from "../text.js";
import type { Judgement, Label } from "../types.js";

/**
 * Reads a judge model's reply: JSON, also in fences, with prose around it or slightly broken; or else a single label that is
 * bold, alone or named (`label: A`). Anything else, several labels included, is an error, never a pass.
 */
export function parseJudgement(reply: string, numeric: boolean): Judgement {
  const text = withoutThoughts(reply);
  if (text === null) return endless(reply);
  const object = readObject(text);
  // An object of ours without its label was cut off: its reasoning may name labels that it does not choose.
  if (object && ("label" in object || "reasoning" in object)) return fromObject(object, numeric, text);
  if (!numeric) {
    const label = onlyLabel(text);
    if (label) return { label, detail: text };
  }
  return unreadable(text);
}

/**
 * Reads a reply that ends in `Answer: A`, of which the last one counts, or, where a number is asked for, in a JSON object with the
 * ends of a range. Whatever has neither is read as `parseJudgement` does.
 */
export function parseAnswer(reply: string, numeric: boolean): Judgement {
  const text = withoutThoughts(reply);
  if (text === null) return endless(reply);
  if (numeric) return parseRange(text) ?? parseJudgement(text, numeric);
  const last = [...text.matchAll(/\banswer\s*[:=]\s*[*_`"'([]*([A-D])(?![\p{L}\p{N}])/giu)].at(-1);
  return last ? { label: LETTERS[last[1]!.toUpperCase()]!, detail: text } : parseJudgement(text, numeric);
}

const ENDS = ["lower_bound", "upper_bound", "relative_lower_bound", "relative_upper_bound"] as const;

/** The last object with ends of a range; null where there is none, or where an end is no number. */
function parseRange(text: string): Judgement | null {
  for (const [written] of [...text.matchAll(/\{[^{}]*\}/gu)].reverse()) {
    const object = readObject(written);
    if (!object || !ENDS.some((end) => end in object)) continue;
    const ends = ENDS.map((end): [string, number | null] => [end, endOf(object[end])]);
    if (ends.some(([, value]) => Number.isNaN(value))) return unreadable(text);
    const range = Object.fromEntries(ends) as NumberRange;
    if (isEmpty(range)) return { label: "declines", detail: text };
    const { lower_bound, upper_bound } = range;
    const value = lower_bound !== null && lower_bound === upper_bound ? { value: lower_bound } : {};
    return { label: "number", ...value, range, detail: text };
  }
  return null;
}

/** A number, null for an open end, NaN for what is neither. */
function endOf(value: unknown): number | null {
  if (value === null || value === undefined || value === "null" || value === "") return null;
  return typeof value === "number" ? value : readNumber(String(value));
}

function fromObject(object: Record<string, unknown>, numeric: boolean, text: string): Judgement {
  const detail = typeof object.reasoning === "string" ? object.reasoning : text;
  const label = labelIn(object.label);
  if (label === "declines" || label === "unclear") return { label, detail };
  if (!numeric) return label ? { label, detail } : unreadable(text);
  const value =
    typeof object.value === "number" ? object.value : readNumber(String(object.value ?? "").trim());
  return Number.isFinite(value) ? { label: "number", value, detail } : unreadable(text);
}

function readObject(text: string): Record<string, unknown> | null {
  const start = text.indexOf("{");
  if (start < 0) return null;
  const end = text.lastIndexOf("}");
  try {
    const value: unknown = JSON.parse(jsonrepair(text.slice(start, end < start ? undefined : end + 1)));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

/** What judges are asked for: the letters that judges of this field know best. */
const LETTERS: Readonly<Record<string, Label>> = {
  A: "supports",
  B: "denies",
  C: "declines",
  D: "unclear",
};

/** `A`, `**A**`, `a.`, `A: asserts it`; null for anything else, such as a word that begins with A or two labels. */
function labelIn(value: unknown): Label | null {
  if (typeof value !== "string") return null;
  const match = /^[^\p{L}\p{N}]*([A-D])(?<rest>[^\p{L}\p{N}\s].*|\s*[(–:-].*)?$/isu.exec(value.trim());
  if (!match) return null;
  const letter = match[1]!.toUpperCase();
  const others = (match.groups?.rest ?? "").match(/(?<![\p{L}\p{N}])[A-D](?![\p{L}\p{N}])/gu) ?? [];
  return others.every((other) => other === letter) ? LETTERS[letter]! : null;
}

function onlyLabel(text: string): Label | null {
  const alone = labelIn(text);
  if (alone) return alone;
  const named = [
    ...text.matchAll(/\*\*\s*([A-D])\s*\*\*/gu),
    ...text.matchAll(/\b(?:label|verdict|answer)\W{0,5}(?:is\W{1,5})?([A-D])(?![\p{L}\p{N}])/giu),
  ].map((match) => LETTERS[match[1]!.toUpperCase()]!);
  return new Set(named).size === 1 ? named[0]! : null;
}

function endless(reply: string): Judgement {
  const { detail } = unreadable(reply);
  return { label: "error", detail: `${detail}: it ends within a thought` };
}

function unreadable(text: string): Judgement {
  const shown = text.length > 120 ? `${text.slice(0, 120)} …` : text;
  return { label: "error", detail: `the judge's reply cannot be read: ${JSON.stringify(shown)}` };
}
