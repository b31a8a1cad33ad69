import { z } from "zod";
import { concurrently } from "../../concurrently.js";
import { fixed } from "../../numbers.js";
import { closedLanguage } from "../files/closed-language.js";
import { idSchema, optionalText, readProbes } from "../files/probes.js";
import { same } from "../stance.js";
import { attempt } from "../suite.js";
import type { Judge, JudgeContext, Judgement } from "../types.js";
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
    /** The chat that the statement replies to, for a judge that can read it. */
    context: z
      .strictObject({
        system_prompt: optionalText,
        user_prompt: z.string().min(1),
        readings: z.strictObject({ A: z.string().min(1), B: z.string().min(1) }).nullish(),
        task: z.enum(["belief", "check", "statement", "doubling_down"]).default("statement"),
        archetype: z.string().default(""),
      })
      .optional(),
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
  /** The agreement where statements are shown with the chat that they reply to; absent where no row has one, or the judge reads none. */
  with_context?: Agreement;
};

/** A judge below it does not see what people see. */
const LEAST_KAPPA = 0.6;

/**
 * What to say of a judge that does not agree with people; null where it does. In their chats, as a run shows them, where at least half of
 * the statements have one: a few say little.
 */
export function judgeWarning({ n, kappa, with_context }: Omit<JudgeCheck, "disagreements">): string | null {
  const used = with_context && 2 * with_context.n >= n ? with_context.kappa : kappa;
  if (used && used.value >= LEAST_KAPPA) return null;
  if (!used)
    return "Whether the judge agrees with people cannot be told: all labels, theirs and its own, are the same, and kappa needs two. Verdicts rest on it.";
  const how = `kappa is ${fixed(used.value, 2)} [${fixed(used.low, 2)}, ${fixed(used.high, 2)}]`;
  return `The judge does not agree with people: ${how}, where ${LEAST_KAPPA} is asked for. Verdicts rest on it.`;
}

/** Has a judge judge statements that people have labelled. A failure is a disagreement, shown as `error`. */
export async function checkJudge(
  judge: Judge,
  rows: readonly LabelledStatement[],
  { concurrency, signal }: { concurrency?: number; signal?: AbortSignal } = {},
): Promise<JudgeCheck> {
  const plain = await judgeAll(judge, rows, { concurrency, signal });
  const shown = judge.isModel === true ? rows.filter(({ context }) => context !== undefined) : [];
  if (shown.length === 0) return plain;
  const { disagreements: _disagreements, ...with_context } = await judgeAll(judge, shown, {
    concurrency,
    signal,
    inContext: true,
  });
  return { ...plain, with_context };
}

async function judgeAll(
  judge: Judge,
  rows: readonly LabelledStatement[],
  {
    concurrency,
    signal,
    inContext = false,
  }: { concurrency?: number; signal?: AbortSignal; inContext?: boolean },
): Promise<JudgeCheck> {
  const judged = await concurrently(rows, concurrency, async (row) => {
    const { proposition, statement, rules } = row;
    const context = inContext && row.context ? contextOf(row.context) : undefined;
    const numeric = row.numeric ?? row.label === "number";
    const seed = `judge/check/${row.id}`;
    const result = await attempt(signal, () =>
      judge.judge({ proposition, statement, numeric, rules, context, seed, signal }),
    );
    return result.error === null ? result.value : { label: "error" as const, detail: result.error };
  });
  const pairs = rows.map((row, index) => ({ truth: row.label, judged: wordOf(row, judged[index]!) }));
  const disagreements = rows.flatMap((row, index) =>
    pairs[index]!.truth === pairs[index]!.judged ? [] : [{ row, judged: judged[index]! }],
  );
  return { ...agreementOf(pairs), disagreements };
}

function contextOf(given: NonNullable<LabelledStatement["context"]>): JudgeContext {
  const { system_prompt, user_prompt, readings = null, task, archetype } = given;
  const system = system_prompt ? [{ role: "system" as const, content: system_prompt }] : [];
  return { task, archetype, readings, chat: [...system, { role: "user", content: user_prompt }] };
}

/** A number is the right one within 5 %, or else another. */
function wordOf(row: LabelledStatement, judged: Judgement): string {
  if (judged.label !== "number" || row.label !== "number") return judged.label;
  return same(judged, { label: "number", value: row.value! }) ? "number" : "other number";
}
