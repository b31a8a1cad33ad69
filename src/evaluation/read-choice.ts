import { withoutThoughts } from "../models/index.js";
import { words } from "./text.js";

/** What choices are called by, in order. */
export const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * Which choice a reply names, as an index; null where it names none or several. The last "answer is X" decides, then a
 * letter that stands alone at the beginning or the end (`B`, `**B**`, `(B)`, `B. Venus`), then the one choice whose words the
 * reply holds.
 */
export function readChoice(reply: string, choices: readonly string[]): number | null {
  // What a reasoning model thinks is not its answer.
  const text = withoutThoughts(reply)?.replace(/[*_`$]|\\boxed|\\text/gu, "");
  if (text === undefined) return null;
  const letter = `[(\\[{]?([A-${LETTERS[choices.length - 1]}])[)\\]}]?`;
  const said = [
    ...text.matchAll(new RegExp(`answer\\s*(?:is|:|=)\\s*(?:option\\s*)?${letter}(?![\\p{L}\\p{N}])`, "giu")),
  ];
  const last = said.at(-1)?.[1];
  if (last) return LETTERS.indexOf(last.toUpperCase());
  const between = new RegExp(
    `(?<![\\p{L}\\p{N}])${letter}\\s*(?:or|and|/|,)\\s*${letter}(?![\\p{L}\\p{N}])`,
    "u",
  );
  if (between.test(text)) return null;
  // "A good idea" begins with an article, not with an answer: a letter counts with a mark behind it or nothing.
  const first = new RegExp(`^\\s*${letter}\\s*(?:$|[.:)\\],;\\n-])`, "u").exec(text)?.[1];
  const final = new RegExp(`(?:^|[\\s:])${letter}\\s*[.!]?\\s*$`, "u").exec(text)?.[1];
  if (first && final && first !== final) return null;
  const alone = first ?? final;
  if (alone) return LETTERS.indexOf(alone);
  return holdsChoice(text, choices);
}

/** The one choice whose words a reply holds; null for none or several. Of choices within each other, the longest. */
export function holdsChoice(reply: string, choices: readonly string[]): number | null {
  const said = words(reply);
  const held = choices.flatMap((choice, index) => {
    const phrase = words(choice).replace(/ \. $/u, " ");
    return phrase.trim() !== "" && said.includes(phrase) ? [{ index, phrase }] : [];
  });
  const whole = held.filter(
    ({ index, phrase }) => !held.some((other) => other.index !== index && other.phrase.includes(phrase)),
  );
  return whole.length === 1 ? whole[0]!.index : null;
}
