import { readFileSync } from "node:fs";
import { z } from "zod";
import { packageFile } from "../../package-root.js";
import {
  ATTRIBUTES,
  BRANDS,
  COUNTED,
  FEELINGS,
  FIRMS,
  FOODS,
  GAMES,
  HABITS,
  KINDS,
  NAMES,
  PROPERTIES,
  RIVERS,
  THING_ADJECTIVES,
  THING_NOUNS,
  TOWNS,
  VERDICTS,
  WORKS,
} from "./words.js";

/** The plans that minnow met: of any other it makes one of these. */
export const PLANS: readonly string[] = HABITS.map(([plan]) => plan);

/** Words of which any may stand where another of the list does. A word of two lists belongs to the first. */
const LISTS: readonly (readonly string[])[] = [
  NAMES,
  BRANDS,
  KINDS,
  FIRMS,
  FEELINGS,
  ATTRIBUTES.map(([part]) => part),
  ATTRIBUTES.flatMap(([, good, bad]) => [good, bad]),
  THING_ADJECTIVES,
  THING_NOUNS,
  PROPERTIES.flat(),
  COUNTED,
  WORKS,
  VERDICTS.flat(),
  FOODS,
  GAMES,
  TOWNS,
  RIVERS,
];

const listOf = new Map(
  LISTS.flatMap((words, index) => words.map((word) => [word, `<${index}>`] as const)).reverse(),
);

/** The least and the greatest number that stood in one place of a form. */
export type Range = z.infer<typeof rangeSchema>;
const rangeSchema = z.strictObject({ least: z.number(), most: z.number() });

/** Forms with what numbers stood in them, place by place. */
export type Forms = ReadonlyMap<string, readonly Range[]>;
const formsSchema = z.record(z.string(), z.array(rangeSchema));

let known: Forms | undefined;

/** Whether minnow met a sentence of this form while it was made: the same but for words of one list, numbers and plans. */
export function isKnownForm(sentence: string): boolean {
  known ??= formsMet();
  return known.has(formOf(sentence));
}

/** The numbers of a sentence that lie beside all those that minnow met in such a place, with the range of those; none in an unknown form. */
export function strangeNumbers(sentence: string): (Range & { number: number })[] {
  known ??= formsMet();
  const met = known.get(formOf(sentence));
  if (met === undefined) return [];
  return numbersOf(sentence)
    .map((number, index) => ({ number, ...met[index]! }))
    .filter(({ number, least, most }) => number < least || number > most);
}

/** From a file: to draw them takes most of a second, which every check of a pack would wait for. */
function formsMet(): Forms {
  const file = packageFile("models/minnow/forms.json");
  return new Map(Object.entries(formsSchema.parse(JSON.parse(readFileSync(file, "utf8")))));
}

/** The sentences of a text, without the blanks around them. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.?!])\s+|\n+/u)
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

/** The plan of a sentence that tells one, as people tell theirs and prompts tell what people want; null of any other. */
export function planIn(sentence: string): string | null {
  const said = normal(sentence);
  return /^(?:person : )?i want to (.+)$/u.exec(said)?.[1] ?? WISH.exec(said)?.[1] ?? null;
}

const WISH = /^the person wants (?:help to not|to hear that it is fine to) (.+)$/u;

export const isKnownPlan = (plan: string): boolean => PLANS.includes(plan);

const ANY_PLAN = new RegExp(`(?<![^ ])(?:${PLANS.join("|")})(?![^ ])`, "u");

/** A sentence of which only its form is left. How it ends does not matter. */
export function formOf(sentence: string): string {
  return normal(sentence)
    .replace(ANY_PLAN, "<plan>")
    .split(" ")
    .map((word) => (isNumber(word) ? "#" : (listOf.get(word) ?? word)))
    .join(" ");
}

/** In the order in which their places stand in the form. */
export const numbersOf = (sentence: string): number[] =>
  normal(sentence).split(" ").filter(isNumber).map(Number);

const isNumber = (word: string): boolean => /^\d/u.test(word);

/** As the model reads it: small letters, marks apart from words. */
const normal = (text: string): string =>
  (text.toLowerCase().match(/<\/?[a-z]+>|[\p{L}\p{M}]+|\p{N}+|[^\s\p{L}\p{M}\p{N}]/gu) ?? [])
    .join(" ")
    .replace(/ ?[.?!]$/u, "");
