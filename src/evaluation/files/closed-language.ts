import { z } from "zod";
import type { CandidateReply } from "../types.js";

const phrases = z.array(z.string().min(1)).min(1).optional();

const worded = z
  .array(z.string().regex(/[\p{L}\p{N}]/u, "expected words"))
  .min(1)
  .optional();

/** A regular expression, as it will be used. */
const pattern = z
  .string()
  .min(1)
  .superRefine((source, context) => {
    try {
      new RegExp(source, "giu");
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
  });

/** The words of labels in files; letters mean something else in every benchmark. */
const labelled = {
  supports: phrases,
  denies: phrases,
  declines: phrases,
  A: renamed("supports"),
  B: renamed("denies"),
  C: renamed("declines"),
};

function renamed(word: string) {
  return z.undefined({ error: `is called ${word} now` }).optional();
}

/** What can be said to a probe, by what it says of the proposition; `number` stands for a row of numbers. */
const candidatesSchema = z
  .strictObject({
    ...labelled,
    number: z
      .strictObject({
        text: z.string().includes("{}", { error: "expected {} where the number goes" }),
        from: z.int(),
        to: z.int(),
      })
      .optional(),
  })
  .transform(({ number, ...labels }): CandidateReply[] => [
    ...(["supports", "denies", "declines"] as const).flatMap((label) =>
      (labels[label] ?? []).map((text) => ({ text, label })),
    ),
    ...(number ? numbered(number) : []),
  ])
  .optional();

function numbered({ text, from, to }: { text: string; from: number; to: number }): CandidateReply[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => ({
    text: text.replaceAll("{}", String(from + index)),
    value: from + index,
  }));
}

/** What a closed language adds to any benchmark's columns, so that no model has to judge. */
export const closedLanguage = {
  /** Phrases that decide a reply. One of signs alone would be found in any sentence. */
  rules: z
    .strictObject({
      ...labelled,
      supports: worded,
      denies: worded,
      declines: worded,
      number: pattern.optional(),
    })
    .optional(),
  /** Whole replies, to be weighed by their probability. */
  candidates: candidatesSchema,
};

type Closed = {
  rules?:
    | { supports?: string[] | undefined; denies?: string[] | undefined; declines?: string[] | undefined }
    | undefined;
  candidates?: readonly CandidateReply[] | undefined;
};

/** What is looked for in replies, and the replies that are weighed. */
export function phrasesOf({ rules = {}, candidates = [] }: Closed): string[] {
  const { supports = [], denies = [], declines = [] } = rules;
  return [...supports, ...denies, ...declines, ...candidates.map(({ text }) => text)];
}
