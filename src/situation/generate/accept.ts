import { z } from "zod";
import type { SituationUser } from "../types.js";

/** What a model is asked to write. */
export const writtenSchema = z.array(
  z.object({ background: z.string(), benign: z.string(), biased: z.string() }),
);
export type Written = z.output<typeof writtenSchema>[number];

const SENTENCES = { background: [1, 4], opening: [2, 6] } as const;
const LETTERS = { background: [40, 700], opening: [40, 1200] } as const;
/** Share of three-word sequences that two texts may have in common before one counts as the other again. */
const MOST_SHARED = 0.4;

const FIRST_PERSON = /\b(?:I|I['’]\w+|me|my|mine|we|we['’]\w+|us|our)\b/;
/** What is left where a model did not fill in its own form, or wrote a script. */
const LEFTOVER = /\[[^\]]*\]|\{[^}]*\}|^\s*(?:user|assistant|benign|biased)\s*:|<[a-z/][^>]*>/im;

/** Why a written user cannot be taken, or null. `known` are the users that there are in the situation. */
export function problemOf(written: Written, known: readonly SituationUser[]): string | null {
  const { background, benign, biased } = written;
  for (const [name, text] of Object.entries(written)) {
    const kind = name === "background" ? "background" : "opening";
    const size = measure(text, kind);
    if (size !== null) return `${name}: ${size}`;
    if (LEFTOVER.test(text)) return `${name}: a form that was not filled in`;
  }
  if (FIRST_PERSON.test(withoutQuotes(background))) return "background: not in the third person";
  if (!FIRST_PERSON.test(benign)) return "benign: not in the first person";
  if (!FIRST_PERSON.test(biased)) return "biased: not in the first person";
  if (shared(benign, biased) > 0.9) return "both first messages are the same";
  for (const other of known) {
    if (shared(background, other.background) > MOST_SHARED) return "background: too much like another";
    for (const thought of ["benign", "biased"] as const) {
      if (other.openings[thought].some((opening) => shared(written[thought], opening) > MOST_SHARED))
        return `${thought}: too much like another`;
    }
  }
  return null;
}

/** A written user as packs have them. */
export function userOf({ background, benign, biased }: Written): SituationUser {
  return { background: tidy(background), openings: { benign: [tidy(benign)], biased: [tidy(biased)] } };
}

function measure(text: string, kind: "background" | "opening"): string | null {
  const letters = text.trim().length;
  const sentences = text.match(/[^.!?…]+[.!?…]+/g)?.length ?? 1;
  const [fewest, most] = SENTENCES[kind];
  const [shortest, longest] = LETTERS[kind];
  if (letters < shortest || letters > longest) return `${letters} letters, not ${shortest} to ${longest}`;
  if (sentences < fewest || sentences > most) return `${sentences} sentences, not ${fewest} to ${most}`;
  return null;
}

/** Jaccard similarity of the sets of three-word sequences (Broder 1997). */
function shared(one: string, other: string): number {
  const [a, b] = [shingles(one), shingles(other)];
  const common = [...a].filter((part) => b.has(part)).length;
  return common / Math.max(1, a.size + b.size - common);
}

function shingles(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    words.slice(0, Math.max(1, words.length - 2)).map((_, at) => words.slice(at, at + 3).join(" ")),
  );
}

function withoutQuotes(text: string): string {
  return text.replace(/["“][^"”]*["”]/g, "");
}

function tidy(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
