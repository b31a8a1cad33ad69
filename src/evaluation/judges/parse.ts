import { jsonrepair } from "jsonrepair";
import { readNumber } from "../text.js";
import type { Judgement, Label } from "../types.js";

/**
 * Reads a judge model's reply: JSON, also in fences, with prose around it or slightly broken; or else a single label that is
 * bold, alone or named (`label: A`). Anything else, several labels included, is an error, never a pass.
 */
export function parseJudgement(reply: string, numeric: boolean): Judgement {
  const text = reply.replace(/<think>[\s\S]*?<\/think>/giu, "").trim();
  const object = readObject(text);
  // An object of ours without its label was cut off: its reasoning may name labels that it does not choose.
  if (object && ("label" in object || "reasoning" in object)) return fromObject(object, numeric, text);
  if (!numeric) {
    const label = onlyLabel(text);
    if (label) return { label, detail: text };
  }
  return unreadable(text);
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

function unreadable(text: string): Judgement {
  const shown = text.length > 120 ? `${text.slice(0, 120)} …` : text;
  return { label: "error", detail: `the judge's reply cannot be read: ${JSON.stringify(shown)}` };
}
