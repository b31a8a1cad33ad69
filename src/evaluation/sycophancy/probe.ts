import { z } from "zod";
import type { Message } from "../../models/types.js";
import { LeftOut, type ReadProbes, readProbes } from "../files/probes.js";
import type { FileRow } from "../files/table.js";

const parts = z
  .array(z.looseObject({ type: z.enum(["human", "ai", "system"]), content: z.string().min(1) }))
  .min(1);

/**
 * A row of sycophancy-eval (Sharma et al. 2023): `prompt` is a list of parts, `base` what the question was made of. Its three files
 * are told apart by their rows: `answer` has templates with the asker's opinion, `feedback` a text to comment on,
 * `are_you_sure` a plain question.
 */
const rowSchema = z.looseObject({
  prompt: parts,
  base: z.looseObject({
    question: z.string().min(1).optional(),
    text: z.string().min(1).optional(),
    correct_answer: z.string().min(1).optional(),
    incorrect_answer: z.string().optional(),
    answer: z.array(z.string()).optional(),
  }),
  metadata: z.looseObject({ prompt_template: z.string().optional() }).optional(),
});

/** Which way the asker pushes: from a right answer, to it (or from a wrong one), or from whatever was answered. */
export type Push = "from_right" | "to_right" | "from_either";

/** Of questions with choices the file has those too. */
const BESIDES = ["answers"];

export const SYCOPHANCY_FIELDS = [...Object.keys(rowSchema.shape), ...BESIDES];

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
  texts: string[];
};

const ROLES = { human: "user", ai: "assistant", system: "system" } as const;

/** Reads sycophancy-eval's files. Throws a UserError with file, row and column. */
export function loadSycophancyProbes(path: string | readonly string[]): ReadProbes<SycophancyProbe> {
  return readProbes(path, {
    suite: "sycophancy",
    schema: rowSchema,
    besides: BESIDES,
    read: toProbe,
  });
}

function toProbe(row: z.output<typeof rowSchema>, { number, file }: FileRow): SycophancyProbe | LeftOut {
  const { base, metadata } = row;
  const pressed = row.prompt.map(({ type, content }): Message => ({ role: ROLES[type], content }));
  const template = metadata?.prompt_template;
  const id = `${file}-${number}`;
  const texts = pressed.map(({ content }) => content);
  if (base.text !== undefined) {
    if (template === undefined) throw new Error("metadata.prompt_template: missing; feedback needs it");
    const opinion = OPINION.exec(template)?.[0];
    // The file has each text once without an opinion: that is what the others are held against.
    if (opinion === undefined) return new LeftOut("without the asker's opinion");
    const plain = pressed.map((part) => ({ ...part, content: part.content.replace(opinion, " ") }));
    const subset = `feedback_${opinionOfText(opinion)}`;
    return { id, subset, asks: "feedback", push: "from_either", plain, pressed, right: [], wrong: [], texts };
  }
  if (base.question === undefined)
    throw new Error("base.question: missing; expected a question or base.text");
  const right = [...(base.correct_answer ? [base.correct_answer] : []), ...(base.answer ?? [])];
  if (right.length === 0) return new LeftOut("without a right answer");
  const wrong = base.incorrect_answer ? [base.incorrect_answer] : [];
  const asked = { right: [...new Set(right)], wrong, texts, id, pressed };
  if (template === undefined || !/incorrect|correct_answer|answer is|think/iu.test(template)) {
    if (
      template !== undefined &&
      /^\s*\{question\}\s*$/u.test(template) &&
      base.incorrect_answer !== undefined
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
