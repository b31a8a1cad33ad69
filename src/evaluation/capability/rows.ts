import { z } from "zod";
import { shuffle, stream } from "../../random.js";
import {
  idSchema,
  LeftOut,
  optionalPrompt,
  optionalText,
  type ReadProbes,
  readProbes,
} from "../files/probes.js";
import type { FileRow } from "../files/table.js";
import { LETTERS } from "../read-choice.js";

const strings = z.array(z.union([z.string(), z.number()]).transform(String)).min(2);
const text = z.union([z.string(), z.number()]).transform(String);
const key = text.transform((said) => said.trim());

/**
 * A row of any multiple-choice data set: ours, MMLU (`question, choices, answer` as an index), ARC (`choices.text`,
 * `choices.label`, `answerKey`), HellaSwag (`ctx, endings, label`), TruthfulQA (`mc1_targets`), SciQ and OpenTDB (a right
 * answer beside wrong ones), or columns A, B, C, D. Or an instruction whose reply a pattern checks.
 */
const rowSchema = z.looseObject({
  id: idSchema.optional(),
  type: optionalText,
  subject: optionalText,
  category: optionalText,
  system_prompt: optionalPrompt,
  question: optionalPrompt,
  prompt: optionalPrompt,
  input: optionalPrompt,
  ctx: optionalPrompt,
  choices: z.union([strings, z.object({ text: strings, label: strings })]).nullish(),
  options: z.union([strings, z.record(z.string(), text)]).nullish(),
  endings: strings.nullish(),
  A: text.nullish(),
  B: text.nullish(),
  C: text.nullish(),
  D: text.nullish(),
  E: text.nullish(),
  answer: key.nullish(),
  answerKey: key.nullish(),
  label: key.nullish(),
  correct_answer: text.nullish(),
  incorrect_answers: z.array(text).nullish(),
  distractor1: optionalText,
  distractor2: optionalText,
  distractor3: optionalText,
  mc1_targets: z.object({ choices: strings, labels: z.array(z.number()) }).nullish(),
  /** `open`: the choices are not shown, and the reply is held against their words; for models that know no letters. */
  split: optionalText,
  present: z.enum(["letters", "open"]).default("letters"),
  check: z.strictObject({ type: z.literal("regex"), value: z.string().min(1) }).nullish(),
});

/** What stands below choices that are shown. */
export const BY_LETTER = "Reply with the letter of the right choice only.";

/** Marks a row of TruthfulQA.csv, whose columns have names of their own. */
const OF_TRUTHFUL_QA = "of TruthfulQA.csv";

/** How TruthfulQA.csv writes what other files write small. */
const TRUTHFUL_QA = ["Type", "Category", "Question"];

export const CAPABILITY_FIELDS = [
  ...Object.keys(rowSchema.shape),
  ...TRUTHFUL_QA,
  ...["Best Answer", "Correct Answers", "Incorrect Answers", "Source"],
];

type CapabilityRow = z.output<typeof rowSchema>;

/** A question with its choices, one of them right, or with a pattern that the reply must match. */
export type CapabilityProbe = {
  id: string;
  subset: string;
  split?: string | null;
  system: string | null;
  question: string;
  texts: string[];
  /** Who it is, and what stands below the question. */
  besides: string[];
} & (
  | {
      kind: "choice";
      phrases: string[];
      choices: readonly string[];
      right: number;
      present: "letters" | "open";
    }
  | { kind: "pattern"; pattern: RegExp }
);

/** Reads a multiple-choice file of any known kind. Throws a UserError with file and line. */
export function loadCapabilityProbes(path: string | readonly string[]): ReadProbes<CapabilityProbe> {
  return readProbes(path, {
    suite: "capability",
    schema: z.preprocess(truthfulQA, rowSchema),
    besides: TRUTHFUL_QA,
    read: toProbe,
  });
}

/** TruthfulQA.csv's columns under the names that other files have: the best answer beside the incorrect ones. */
function truthfulQA(value: unknown): unknown {
  const row = (value ?? {}) as Record<string, unknown>;
  // One of them may be missing, which is then said by that name.
  const own = ["Question", "Best Answer", "Incorrect Answers"].filter(
    (name) => typeof row[name] === "string",
  );
  if (own.length < 2) return value;
  const wrong = typeof row["Incorrect Answers"] === "string" ? row["Incorrect Answers"].split(";") : [];
  return {
    question: typeof row.Question === "string" ? row.Question.trim() : null,
    type: "truthfulqa",
    correct_answer: typeof row["Best Answer"] === "string" ? row["Best Answer"].trim() : null,
    [OF_TRUTHFUL_QA]: true,
    incorrect_answers: wrong.map((answer) => answer.trim()).filter((answer) => answer !== ""),
  };
}

function toProbe(row: CapabilityRow, { number }: FileRow): CapabilityProbe | LeftOut {
  const question = row.question || row.prompt || row.input || row.ctx;
  if (row[OF_TRUTHFUL_QA] === true) {
    if (!question) throw new Error("Question: missing; expected the question");
    if (!row.correct_answer) throw new Error("Best Answer: missing; expected the right answer");
  }
  if (!question)
    throw new Error("question: expected the question, as `question`, `prompt`, `input` or `ctx`");
  const subset = row.type || row.subject || row.category || "choice";
  const id = row.id ?? `${subset}-${number}`;
  const base = {
    id,
    subset,
    system: row.system_prompt || null,
    question,
    texts: [question],
    besides: row.system_prompt ? [row.system_prompt] : [],
    split: row.split,
  };
  if (row.check) return { ...base, kind: "pattern", pattern: pattern(row.check.value) };
  if (row.incorrect_answers?.length === 0) return new LeftOut("without a wrong answer");
  const found = choicesOf(row, id);
  if (found instanceof LeftOut) return found;
  const { choices, right } = found;
  // Whoever names the other of the two would be right and count as wrong.
  if (choices.some((choice, at) => at !== right && choice.trim() === choices[right]!.trim()))
    return new LeftOut("whose right answer stands twice among its choices");
  if (choices.length > LETTERS.length) throw new Error(`choices: at most ${LETTERS.length}`);
  // Shown below the question, or weighed and looked for in the reply.
  const besides = [...base.besides, ...(row.present === "letters" ? [BY_LETTER] : [])];
  return { ...base, besides, phrases: [...choices], kind: "choice", choices, right, present: row.present };
}

function pattern(value: string): RegExp {
  try {
    return new RegExp(value);
  } catch (error) {
    throw new Error(`check.value: ${(error as Error).message}`);
  }
}

function choicesOf(row: CapabilityRow, id: string): { choices: readonly string[]; right: number } | LeftOut {
  const apart = rightApart(row);
  if (apart) {
    // Such files name the right answer first, or apart: its place is drawn, the same each time.
    const choices = shuffle(stream(`evaluation/choices/${id}`), apart);
    return { choices, right: choices.indexOf(apart[0]!) };
  }
  const { choices, labels } = listed(row);
  const key = row.answerKey ?? row.answer ?? row.label;
  if (key === null || key === undefined) throw new Error("answer: expected a letter, an index or a choice");
  const right = indexOf(key, choices, labels);
  if (right === null) return new LeftOut("whose answer may be one choice or the place of another");
  if (right < 0) throw new Error(`answer: "${key}" is none of the ${choices.length} choices`);
  return { choices, right };
}

/** The right choice and the wrong ones after it, where a row keeps them apart. */
function rightApart(row: CapabilityRow): string[] | null {
  if (row.mc1_targets) {
    const { choices, labels } = row.mc1_targets;
    if (labels.length !== choices.length)
      throw new Error(
        `mc1_targets.labels: expected one for each of ${choices.length} choices, found ${labels.length}`,
      );
    const right = labels.indexOf(1);
    // Of several right ones all but the first would count as wrong.
    if (right < 0 || labels.lastIndexOf(1) !== right)
      throw new Error(
        `mc1_targets.labels: expected one 1, found ${labels.filter((label) => label === 1).length}`,
      );
    return [choices[right]!, ...choices.filter((_, index) => index !== right)];
  }
  if (!row.correct_answer) return null;
  const distractors = [row.distractor1, row.distractor2, row.distractor3].flatMap((one) => one || []);
  const wrong = row.incorrect_answers ?? distractors;
  if (wrong.length === 0) throw new Error("incorrect_answers: expected at least one");
  return [row.correct_answer, ...wrong];
}

function listed(row: CapabilityRow): { choices: readonly string[]; labels: readonly string[] } {
  const given = row.choices ?? row.options ?? row.endings;
  if (Array.isArray(given)) return { choices: given, labels: [] };
  if (
    given &&
    "text" in given &&
    "label" in given &&
    Array.isArray(given.text) &&
    Array.isArray(given.label)
  ) {
    if (given.text.length !== given.label.length || new Set(given.label).size < given.label.length)
      throw new Error(
        `choices.label: expected a label of its own for each of ${given.text.length} choices, found ${given.label.join(", ")}`,
      );
    return { choices: given.text, labels: given.label };
  }
  if (given) return { choices: Object.values(given).flat(), labels: Object.keys(given) };
  const columns = (["A", "B", "C", "D", "E"] as const).filter((letter) => row[letter]);
  if (columns.length < 2)
    throw new Error("choices: expected choices, options, endings or columns A, B, C, D");
  return { choices: columns.map((letter) => row[letter]!), labels: columns };
}

/**
 * A row's own label; or a letter, the words of a choice, or an index from 0: null where two of these name different choices (among
 * the choices 3, 2, 1 and 0 an answer of 1 is either the third or, as MMLU writes it, the second).
 */
function indexOf(key: string, choices: readonly string[], labels: readonly string[]): number | null {
  if (labels.includes(key)) return labels.indexOf(key);
  const letter = /^[A-Z]$/u.test(key) ? LETTERS.indexOf(key) : -1;
  const index = /^\d+$/u.test(key) ? Number(key) : -1;
  const named = [letter, choices.indexOf(key), index].filter((at) => at >= 0 && at < choices.length);
  return new Set(named).size > 1 ? null : (named[0] ?? -1);
}
