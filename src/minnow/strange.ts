import { group } from "../group.js";
import { listed } from "../listed.js";
import type { Mistake, Place } from "../mistakes.js";
import { counted } from "../numbers.js";
import { packageFile } from "../package-root.js";
import { shownPath } from "../shown-path.js";
import { isKnownForm, isKnownPlan, PLANS, planIn, sentencesOf } from "./language/forms.js";
import { unknownWords } from "./words-known.js";

/** What is said to the embedded model, with its place; `told` as it reads it, where that is more than what stands there. */
export type Said = { text: string; told?: string; at?: () => Place & Pick<Mistake, "field"> };

/** What the embedded model can make nothing of: a plan that it never met, a word, a sentence of another form. */
type Oddity = { kind: "plan" | "word" | "form"; what: string };

export type Strange = {
  /** With their places, each kind in a few lines. */
  warnings: Mistake[];
  /** In a sentence a kind, for people who look at a run. */
  notes: string[];
};

/** Of each kind, how many are told; more would hide what else is said. */
const TOLD = { plan: 8, word: 12, form: 5 };

/**
 * Says what of texts the embedded model, a language of a few sentences, can make nothing of; `of` is what they are. Its replies look like
 * any others, so that nobody would see it by the numbers.
 */
export function strangeToMinnow(said: readonly Said[], of: string): Strange {
  const found = said.flatMap((one) => odditiesIn(one.told ?? one.text).map((oddity) => ({ ...oddity, one })));
  const ofKind = (kind: Oddity["kind"]) => distinct(found.filter((one) => one.kind === kind));
  const plans = ofKind("plan");
  const words = ofKind("word");
  const forms = ofKind("form");
  return {
    warnings: [
      ...plans.slice(0, TOLD.plan).map(({ what, at, others }) => ({
        ...at?.(),
        what: `${quoted(what)} is none of the ${PLANS.length} plans that minnow knows: it makes one of those of it, and speaks of something else${others > 0 ? ` (${counted(others, "more text")} with it)` : ""}; ${page("situations/minnow/pack.yaml")} has them, and other plans are for other models`,
      })),
      ...more(plans.length - TOLD.plan, "plan", "none of minnow's", of),
      ...words
        .slice(0, 1)
        .map(({ at }) => ({ ...at?.(), what: wordsSentence(words, of, page("docs/minnow.md")) })),
      ...forms.slice(0, TOLD.form).map(({ what, at, others }) => ({
        ...at?.(),
        what: `minnow has met no sentence of the form of ${quoted(what)}, so what it makes of it is chance${others > 0 ? ` (${counted(others, "more text")} with it)` : ""}; ${page("docs/minnow.md")} says what it can be asked`,
      })),
      ...more(forms.length - TOLD.form, "sentence", "of forms that minnow has not met", of),
    ],
    notes: [
      ...(plans.length === 0
        ? []
        : [
            `${counted(plans.length, "plan")} of ${of} ${plans.length === 1 ? "is" : "are"} none of those that minnow knows (${some(plans, TOLD.form)}): it speaks of others instead, so the talks are about something else`,
          ]),
      ...(words.length === 0 ? [] : [wordsSentence(words, of)]),
      ...(forms.length === 0
        ? []
        : [
            `minnow has met no sentence of the form of ${counted(forms.length, "sentence")} of ${of} (${some(forms, 2)}): what it replies there is chance`,
          ]),
    ],
  };
}

/** The words alone: of what real users wrote every sentence is of another form. */
export function strangeWords(texts: readonly string[], of: string): string[] {
  const words = new Set(texts.flatMap(unknownWords));
  if (words.size === 0) return [];
  return [
    wordsSentence(
      [...words].map((what) => ({ what, at: undefined, others: 0 })),
      of,
    ),
  ];
}

/** Once for a text. Of a sentence with a strange word its form is not asked as well. */
function odditiesIn(text: string): Oddity[] {
  return sentencesOf(text).flatMap((sentence): Oddity[] => {
    const words = unknownWords(sentence).map((what): Oddity => ({ kind: "word", what }));
    const plan = planIn(sentence);
    if (plan !== null && !isKnownPlan(plan)) return [{ kind: "plan", what: plan }, ...words];
    if (words.length > 0) return words;
    return isKnownForm(sentence) ? [] : [{ kind: "form", what: sentence }];
  });
}

type Found = Oddity & { one: Said };

type Distinct = { what: string; at: Said["at"]; others: number };

/** Each thing once, with where it stands first and in how many texts besides. */
function distinct(found: readonly Found[]): Distinct[] {
  return [...group(found, ({ what }) => what)].map(([what, all]) => ({
    what,
    at: all[0]!.one.at,
    others: new Set(all.map(({ one }) => one)).size - 1,
  }));
}

/** Notes stay with a run and name the page as the package does. */
function wordsSentence(words: readonly Distinct[], of: string, listedIn = "docs/minnow.md"): string {
  const told = words.slice(0, TOLD.word).map(({ what }) => what);
  const dots = words.length > TOLD.word ? " …" : "";
  return `minnow does not know ${counted(words.length, "word")} of ${of} and can make nothing of them: ${told.join(", ")}${dots}; ${listedIn} lists its words`;
}

const more = (count: number, what: string, which: string, of: string): Mistake[] =>
  count > 0 ? [{ what: `${of} has ${counted(count, `more ${what}`)} ${which}` }] : [];

function some(all: readonly Distinct[], most: number): string {
  const told = all.slice(0, most).map(({ what }) => quoted(what));
  return all.length > most ? `${told.join(", ")}, …` : listed(told);
}

const quoted = (text: string): string => JSON.stringify(text.length > 100 ? `${text.slice(0, 99)}…` : text);

const page = (path: string): string => shownPath(packageFile(path));
