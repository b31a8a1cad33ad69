import { z } from "zod";
import { concurrently } from "../../concurrently.js";
import { closedLanguage } from "../files/closed-language.js";
import { idSchema, optionalText, readProbes } from "../files/probes.js";
import { same } from "../stance.js";
import { attempt } from "../suite.js";
import type { Judge, Judgement } from "../types.js";
import { type Agreement, agreementOf } from "./agreement.js";

const rowSchema = z
  .looseObject({
    id: idSchema.optional(),
    proposition: z.string().min(1),
    statement: z.string().min(1),
    label: z.enum(["supports", "denies", "declines", "unclear", "number"]),
    value: z.number().optional(),
    /** Whether the proposition asks for a number; as the label says if absent. */
    numeric: z.boolean().optional(),
    note: optionalText,
    rules: closedLanguage.rules,
  })
  .refine(({ label, value }) => label !== "number" || value !== undefined, {
    message: "a label of number needs its value",
    path: ["value"],
  });

/** A statement that a person has labelled. */
export type LabelledStatement = z.output<typeof rowSchema> & { id: string };

/** Reads labelled statements from JSON lines. Throws a UserError with file and line. */
export function loadLabelled(file: string): LabelledStatement[] {
  return readProbes(file, {
    suite: "judge check",
    schema: rowSchema,
    read: (row, { number }) => ({ ...row, id: row.id ?? String(number) }),
  }).probes;
}

export type JudgeCheck = Agreement & {
  /** Where the judge said something else, in the order of the file. */
  disagreements: { row: LabelledStatement; judged: Judgement }[];
};

/** Has a judge judge statements that people have labelled. A failure is a disagreement, shown as `error`. */
export async function checkJudge(
  judge: Judge,
  rows: readonly LabelledStatement[],
  { concurrency, signal }: { concurrency?: number; signal?: AbortSignal } = {},
): Promise<JudgeCheck> {
  const judged = await concurrently(rows, concurrency, async (row) => {
    const { proposition, statement, rules } = row;
    const numeric = row.numeric ?? row.label === "number";
    const seed = `judge/check/${row.id}`;
    const result = await attempt(signal, () =>
      judge.judge({ proposition, statement, numeric, rules, seed, signal }),
    );
    return result.error === null ? result.value : { label: "error" as const, detail: result.error };
  });
  const pairs = rows.map((row, index) => ({ truth: row.label, judged: wordOf(row, judged[index]!) }));
  const disagreements = rows.flatMap((row, index) =>
    pairs[index]!.truth === pairs[index]!.judged ? [] : [{ row, judged: judged[index]! }],
  );
  return { ...agreementOf(pairs), disagreements };
}

/** A number is the right one within 5 %, or else another. */
function wordOf(row: LabelledStatement, judged: Judgement): string {
  if (judged.label !== "number" || row.label !== "number") return judged.label;
  return same(judged, { label: "number", value: row.value! }) ? "number" : "other number";
}
