import { z } from "zod";
import type { Message } from "../../models/types.js";
import { LeftOut, type ReadProbes, readProbes, prompt as said } from "../files/probes.js";
import type { FileRow } from "../files/table.js";
import { LETTERS } from "../read-choice.js";

const parts = z.array(z.looseObject({ type: z.enum(["human", "ai", "system"]), content: said })).min(1);

/**
 * A row of sycophancy-eval (Sharma et al. 2023): `prompt` is a list of parts, `base` what the question was made of. Its three files
 * are told apart by their rows: `answer` has templates with the asker's opinion, `feedback` a text to comment on,
 * `are_you_sure` a plain question.
 */
const rowSchema = z.looseObject({
  prompt: parts,
  base: z.looseObject({
    question: z.string().min(1).nullish(),
    text: z.string().min(1).nullish(),
    correct_answer: z.string().min(1).nullish(),
    incorrect_answer: z.string().nullish(),
    answer: z.array(z.string()).nullish(),
    /** Of a question with choices: all of them ("(A) …" on a line each), and the letter of the right one. */
    answers: z.string().nullish(),
    correct_letter: z.string().nullish(),
  }),
  metadata: z.looseObject({ prompt_template: z.string().nullish() }).nullish(),
});

/** Which way the asker pushes: from a right answer, to it (or from a wrong one), or from whatever was answered. */
export type Push = "from_right" | "to_right" | "from_either";

export const SYCOPHANCY_FIELDS = Object.keys(rowSchema.shape);

/** A question put plainly, and again with what the asker would like to hear. */
export type SycophancyProbe = {
  id: string;
  /** The file, and in two of the three what the asker thinks: as upstream's paper reports them. */
  subset: string;
  asks: "are_you_sure" | "answer" | "feedback";
  push: Push;
  /** The chat without the asker's opinion. */
  plain: Message[];
  /** The chat with it; for `are_you_sure` the plain one, which goes on after the reply. */
  pressed: Message[];
  /** What is right: any of these; empty for feedback. */
  right: string[];
  wrong: string[];
  /** The choices that the question offers by letter, and which of them is right: the reply names one of these. */
  choices: { all: string[]; right: number } | null;
  texts: string[];
};

const ROLES = { human: "user", ai: "assistant", system: "system" } as const;

/** Reads sycophancy-eval's files. Throws a UserError with file, row and column. */
export function loadSycophancyProbes(path: string | readonly string[]): ReadProbes<SycophancyProbe> {
  return readProbes(path, {
    suite: "sycophancy",
    schema: rowSchema,
    read: toProbe,
  });
}

function toProbe(row: z.output<typeof rowSchema>, { number, file }: FileRow): SycophancyProbe | LeftOut {
  const { base, metadata } = row;
  const pressed = chatOf(row.prompt);
  const template = metadata?.prompt_template ?? undefined;
  const id = `${file}-${number}`;
  const texts = pressed.map(({ content }) => content);
  if (base.text) {
    if (template === undefined) throw new Error("metadata.prompt_template: missing; feedback needs it");
    const opinion = OPINION.exec(template)?.[0];
    // The file has each text once without an opinion: that is what the others are held against.
    if (opinion === undefined) return new LeftOut("without the asker's opinion");
    const plain = pressed.map((part) => ({ ...part, content: part.content.replace(opinion, " ") }));
    const subset = `feedback_${opinionOfText(opinion)}`;
    return {
      id,
      subset,
      asks: "feedback",
      push: "from_either",
      plain,
      pressed,
      right: [],
      wrong: [],
      choices: null,
      texts,
    };
  }
  if (!base.question) throw new Error("base.question: missing; expected a question or base.text");
  const right = [...(base.correct_answer ? [base.correct_answer] : []), ...(base.answer ?? [])];
  const choices = choicesOf(base);
  if (right.length === 0 && choices === null) return new LeftOut("without a right answer");
  const wrong = base.incorrect_answer ? [base.incorrect_answer] : [];
  const asked = { right: [...new Set(right)], wrong, choices, texts, id, pressed };
  if (template === undefined || !(choices ? OWN_ANSWER : OPINION_OF_ANSWER).test(template)) {
    // Where its name says so, a question without an opinion is no baseline: it is doubted afterwards.
    if (
      !/are[\s_-]*you[\s_-]*sure/iu.test(file) &&
      template !== undefined &&
      /^\s*\{question\}\s*$/u.test(template) &&
      base.incorrect_answer !== undefined &&
      base.incorrect_answer !== null
    )
      return new LeftOut("without the asker's opinion");
    return { ...asked, subset: "are_you_sure", asks: "are_you_sure", push: "from_either", plain: pressed };
  }
  const { name, push } = opinionOfAnswer(template);
  return {
    ...asked,
    subset: `answer_${name}`,
    asks: "answer",
    push,
    plain: [{ role: "user", content: base.question }],
  };
}

/** The chat that a row asks for. It may begin the reply ("The answer is ("); a chat model takes a turn for a whole one, so it speaks for itself. */
function chatOf(prompt: z.output<typeof parts>): Message[] {
  const begun = prompt.length > 1 && prompt.at(-1)!.type === "ai";
  return (begun ? prompt.slice(0, -1) : prompt).map(({ type, content }) => ({ role: ROLES[type], content }));
}

/** The choices of a question that is answered by letter. */
function choicesOf({
  answers,
  correct_letter,
}: z.output<typeof rowSchema>["base"]): SycophancyProbe["choices"] {
  if (!correct_letter || !answers) return null;
  const found = [...answers.matchAll(/^\s*\((?<letter>[A-Z])\)(?<text>.*)$/gmu)].map(({ groups }) => groups!);
  const all = found.map(({ text }) => text!.trim());
  if (all.length < 2 || found.some(({ letter }, at) => letter !== LETTERS[at]))
    throw new Error('base.answers: expected a line for each choice: "(A) …", "(B) …"');
  const right = LETTERS.indexOf(correct_letter.trim());
  if (right < 0 || right >= all.length)
    throw new Error(
      `base.correct_letter: "${correct_letter}" is none of ${[...LETTERS.slice(0, all.length)].join(", ")}`,
    );
  return { all, right };
}

/** A template of `answer` names one of the row's own answers. A question with choices may speak of its answer, and of thinking, without any opinion. */
const OWN_ANSWER = /\{(?:in)?correct_answer\}/u;
const OPINION_OF_ANSWER = /incorrect|correct_answer|answer is|\bI (?:(?:do not|don['’]t|really) )*think\b/iu;

/** What a template of `answer` has the asker think. One that names no answer of the row's own is taken to push from the right one. */
function opinionOfAnswer(template: string): { name: string; push: Push } {
  const wrong = /\{incorrect_answer\}/u.test(template);
  if (/\b(?:don['’]t|do not) think\b/u.test(template))
    return wrong ? { name: "doubts_wrong", push: "to_right" } : { name: "doubts_right", push: "from_right" };
  return !wrong && /\{correct_answer\}/u.test(template)
    ? { name: "suggests_right", push: "to_right" }
    : { name: "suggests_wrong", push: "from_right" };
}

/** What a feedback prompt's sentence says of its reader and the text. */
function opinionOfText(opinion: string): string {
  const not = /\b(?:did not|didn['’]t|do not|don['’]t)\b/iu.test(opinion);
  if (/\b(?:wrote|write)\b/iu.test(opinion)) return not ? "not_wrote" : "wrote";
  return not !== /\b(?:dislike|hate)\b/iu.test(opinion) ? "dislikes" : "likes";
}

/** The sentence of a feedback prompt in which the asker says what they think of the text. */
const OPINION =
  /\s*I (?:really |strongly |absolutely |did not |didn't |do not |don't )?(?:like|love|dislike|hate|wrote|write)[^.!\n]*[.!]\s*/u;
