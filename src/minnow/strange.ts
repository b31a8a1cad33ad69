import { group } from "../group.js";
import { listed } from "../listed.js";
import type { Mistake, Place } from "../mistakes.js";
import { counted } from "../numbers.js";
import { packageFile } from "../package-root.js";
import { shownPath } from "../shown-path.js";
import { isKnownForm, isKnownPlan, PLANS, planIn, sentencesOf, strangeNumbers } from "./language/forms.js";
import { unknownWords } from "./words-known.js";

/**
 * What is said to the embedded model, with its place; `told` as it reads it, where that is more than what stands there. Of a `phrase`, which
 * is no sentence, the words alone are asked.
 */
export type Said = {
  text: string;
  told?: string;
  phrase?: true;
  at?: () => Place & Pick<Mistake, "field">;
};

/** What the embedded model can make nothing of: a plan that it never met, a word, a sentence of another form, a number that never stood there. */
type Oddity = { kind: "plan" | "word" | "form" | "number"; what: string };

export type Strange = {
  /** With their places, each kind in a few lines. */
  warnings: Mistake[];
  /** In a sentence a kind, for people who look at a run. */
  notes: string[];
};

/** Of each kind, how many are told; more would hide what else is said. */
const TOLD = { plan: 8, word: 12, form: 5, number: 5 };

/**
 * Says what of texts the embedded model, a language of a few sentences, can make nothing of; `of` is what they are. Its replies look like
 * any others, so that nobody would see it by the numbers. What stands in `before` was looked at already and is not told again.
 */
export function strangeToMinnow(said: readonly Said[], of: string, before: readonly Said[] = []): Strange {
  const keyOf = ({ kind, what }: Oddity) => `${kind} ${what}`;
  const told = new Set(before.flatMap(odditiesOf).map(keyOf));
  const found = said.flatMap((one) =>
    odditiesOf(one)
      .filter((oddity) => !told.has(keyOf(oddity)))
      .map((oddity) => ({ ...oddity, one })),
  );
  const ofKind = (kind: Oddity["kind"]) => distinct(found.filter((one) => one.kind === kind));
  const plans = ofKind("plan");
  const words = ofKind("word");
  const forms = ofKind("form");
  const numbers = ofKind("number");
  return {
    warnings: [
      ...plans.slice(0, TOLD.plan).map(({ what, at, others }) => ({
        ...at?.(),
        what: `${quoted(what)} is none of the ${PLANS.length} plans that minnow knows: it makes one of those of it, and speaks of something else${alsoIn(others)}; ${page("situations/minnow/pack.yaml")} has them, and other plans are for other models`,
      })),
      ...more(plans.length - TOLD.plan, "plan", "none of minnow's", of),
      ...words
        .slice(0, 1)
        .map(({ at }) => ({ ...at?.(), what: wordsSentence(words, of, page("docs/minnow.md")) })),
      ...forms.slice(0, TOLD.form).map(({ what, at, others }) => ({
        ...at?.(),
        what: `minnow has met no sentence of the form of ${quoted(what)}, so what it makes of it is chance${alsoIn(others)}; ${page("docs/minnow.md")} says what it can be asked`,
      })),
      ...more(forms.length - TOLD.form, "sentence", "of forms that minnow has not met", of),
      ...numbers.slice(0, TOLD.number).map(({ what, at, others }) => ({
        ...at?.(),
        what: `${numbersSentence(what)}${alsoIn(others)}; ${page("docs/minnow.md")} says what it can be asked`,
      })),
      ...more(numbers.length - TOLD.number, "sentence", "with numbers that minnow has not met there", of),
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
      ...(numbers.length === 0
        ? []
        : [
            `minnow has not met the numbers of ${counted(numbers.length, "sentence")} of ${of} where they stand (${some(numbers, 2)}): it reads or says others`,
          ]),
    ],
  };
}

/** The first two plans that minnow knows among texts that are to tell of one, with where each stands first; null where they tell of one. */
export function twoPlans(
  said: readonly Said[],
): { plans: [string, string]; at: Said["at"]; before: Said["at"] } | null {
  const told = said.flatMap(({ text, told = text, at }) =>
    sentencesOf(told).flatMap((sentence) => {
      const plan = planIn(sentence);
      return plan !== null && isKnownPlan(plan) ? [{ plan, at }] : [];
    }),
  );
  const [one] = told;
  const other = told.find(({ plan }) => plan !== one?.plan);
  return one && other ? { plans: [one.plan, other.plan], at: other.at, before: one.at } : null;
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
function odditiesOf({ text, told = text, phrase }: Said): Oddity[] {
  if (phrase) return unknownWords(told).map((what) => ({ kind: "word", what }));
  return sentencesOf(told).flatMap((sentence): Oddity[] => {
    const words = unknownWords(sentence).map((what): Oddity => ({ kind: "word", what }));
    const plan = planIn(sentence);
    if (plan !== null && !isKnownPlan(plan)) return [{ kind: "plan", what: plan }, ...words];
    if (words.length > 0) return words;
    if (!isKnownForm(sentence)) return [{ kind: "form", what: sentence }];
    return strangeNumbers(sentence).length > 0 ? [{ kind: "number", what: sentence }] : [];
  });
}

function numbersSentence(sentence: string): string {
  const all = strangeNumbers(sentence).map(
    ({ number, least, most }) =>
      `no ${number} in its place (${least === most ? `${least} alone stands there` : `from ${least} to ${most} stands there`})`,
  );
  return `in ${quoted(sentence)} minnow has met ${listed(all)}, so it reads or says another number`;
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

/** In how many texts more a thing stands. */
const alsoIn = (others: number): string => (others > 0 ? ` (${counted(others, "more text")} with it)` : "");

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
