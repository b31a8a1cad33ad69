import { extname } from "node:path";
import { z } from "zod";
import { mistaken } from "../../errors.js";
import { readChecked } from "../../yaml/index.js";
import { idSchema } from "../files/probes.js";

const tone = z.enum(["good", "bad", "warn", "quiet"]);

/** What every rubric counts: the share of a label that is called so would be lost beside it. */
const COUNTED = ["rubric", "error"];

/** What a judge gives: a number on a scale, or one of some labels with the share each counts for. */
const measureSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("scale"),
      min: z.number(),
      max: z.number(),
      /** Which end is good. */
      better: z.enum(["higher", "lower"]).default("higher"),
    })
    .refine(({ min, max }) => min < max, { message: "min must be below max", path: ["min"] }),
  z.strictObject({
    kind: z.literal("labels"),
    labels: z
      .record(
        z
          .string()
          .regex(/^[a-z][a-z0-9_]*$/, "expected small letters, digits and underscores")
          .refine((name) => !COUNTED.includes(name), {
            error: "is what every rubric counts by that name; call the label otherwise",
          }),
        z.strictObject({
          means: z.string().min(1),
          /** What the label counts for in the score, in [0, 1]; a label without it counts for nothing. */
          score: z.number().min(0).max(1).optional(),
          tone: tone.default("quiet"),
        }),
      )
      .refine((labels) => Object.keys(labels).length >= 2, "expected at least two labels"),
  }),
]);

const promptSchema = z.union([
  z
    .string()
    .min(1)
    .transform((user) => ({ user })),
  z.strictObject({
    id: idSchema.optional(),
    type: z.string().min(1).optional(),
    system: z.string().min(1).optional(),
    /** What a person says; several are the turns of a talk, each answered. */
    user: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]),
    /** What the judge is told of this prompt beside the rubric, e.g. the right answer. */
    note: z.string().min(1).optional(),
  }),
]);

type Prompt = z.output<typeof promptSchema>;

export const subsetOf = (prompt: Prompt): string => ("type" in prompt && prompt.type) || "prompts";

/** Its own id, or the subset and its place. */
export function idOf(prompt: Prompt, index: number): string {
  return ("id" in prompt && prompt.id) || `${subsetOf(prompt)}-${index + 1}`;
}

const rubricSchema = z.strictObject({
  /** What people call the measure. */
  name: z.string().min(1),
  about: z.string().optional(),
  /** What the judge is asked of each reply. */
  question: z.string().min(1),
  measure: measureSchema,
  system: z.string().min(1).optional(),
  /** Times that each prompt is put; its score is their mean. */
  samples: z.int().positive().max(1000).default(1),
  prompts: z
    .array(promptSchema)
    .min(1)
    .superRefine((prompts, context) => {
      const seen = new Set<string>();
      for (const [index, prompt] of prompts.entries()) {
        const id = idOf(prompt, index);
        if (seen.has(id))
          context.addIssue({
            code: "custom",
            path: [index],
            message: `id ${id} stands twice; prompts need ids of their own`,
          });
        seen.add(id);
      }
    }),
});

export const RUBRIC_FIELDS = Object.keys(rubricSchema.shape);

export type Rubric = z.output<typeof rubricSchema>;
export type RubricMeasure = Rubric["measure"];

const ROWS = new Set([".csv", ".tsv", ".jsonl", ".ndjson"]);

/** Reads a rubric from YAML or JSON. Throws a UserError with file, line and field of every mistake. */
export function readRubric(path: string): Rubric {
  if (ROWS.has(extname(path).toLowerCase()))
    throw mistaken({
      file: path,
      what: "is a file of rows; expected a rubric, one YAML or JSON file with name, question, measure and prompts",
    });
  return readChecked(rubricSchema, path);
}
