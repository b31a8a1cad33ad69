import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { UserError } from "../../errors.js";
import { messagesSchema as messages } from "../../message-schema.js";
import { methods } from "../../methods/index.js";
import { checked } from "../../yaml/index.js";
import { checkReplies } from "../data/read-row.js";
import { dataFor } from "../kind-of-rows.js";
import type { Row } from "../types.js";
import type { Candidate, Defence } from "./types.js";

// A module is handed copies, and what it gives is held against what it was given: a talk that it wrote over would be learnt from, and
// told as one that was held.

type Screen = NonNullable<Defence["screen"]>;
type Amend = NonNullable<Defence["amend"]>;
type Remark = NonNullable<Defence["remark"]>;

const mark = z.number().nullable();
const candidateSchema = z.looseObject({ id: z.string(), reward: mark, ratings: z.array(mark) });

/** What no stage may change of a conversation. */
const KEPT = ["round", "user", "persona", "situation", "messages", "error", "held_out"] as const;

/** A `screen` that gives conversations which it was given, with other rewards and marks at most. `named` begins its errors. */
export const ownScreen =
  (screen: Screen, named: string): Screen =>
  async (candidates, context) => {
    const given: unknown = await screen(structuredClone(candidates), context);
    if (!Array.isArray(given)) throw new UserError(`${named} gives no list of conversations`);
    const left = new Map(candidates.map((one) => [one.id, one]));
    return given.map((one: Candidate) => {
      const { id } = z.object({ id: z.string() }).safeParse(one).data ?? {};
      const before = left.get(id ?? "");
      if (id !== undefined && before === undefined)
        throw new UserError(`${named} gave the conversation ${id}, which it was not given or gave twice`);
      const { ratings } = checked(
        candidateSchema,
        one,
        (problem) => new UserError(`${named} gives no conversation: ${problem}`),
      );
      left.delete(one.id);
      const changed = KEPT.find((field) => !isDeepStrictEqual(one[field], before![field]));
      if (changed !== undefined)
        throw new UserError(
          `${named} changed ${changed} of the conversation ${one.id}; of a conversation a stage may change reward and marks alone`,
        );
      if (ratings.length !== before!.ratings.length)
        throw new UserError(
          `${named} gave the conversation ${one.id} ${ratings.length} ratings for ${before!.ratings.length} replies; null is one that is missing`,
        );
      return one;
    });
  };

const reply = messages
  .min(1)
  .refine((turns) => turns.at(-1)?.role === "assistant", "expected the assistant's turn at its end");
const source = z.looseObject({ interaction: z.string(), exchange: z.int().nonnegative() });
const rowSchemas = {
  reply: z.looseObject({ prompt: messages, completion: reply, source }),
  labelled: z.looseObject({ prompt: messages, completion: reply, label: z.boolean(), source }),
  pair: z.looseObject({ prompt: messages, chosen: reply, rejected: reply, source }),
};

/** Rows of which each is read by itself, so that one which was left alone stays the one it was. */
const madeSchema = z.looseObject({ rows: z.array(z.custom<Row>()) });

/** An `amend` that gives rows from which the method can learn. Those that it leaves alone it gives back as they are. */
export const ownAmend =
  (amend: Amend, named: string): Amend =>
  async (data, context) => {
    const rows: readonly Row[] = data.rows;
    const copies = structuredClone(rows);
    const handed = dataFor(data.method, copies);
    const given: unknown = await amend(handed, context);
    const made = madeSchema.safeParse(given).data?.rows;
    if (made === undefined) throw new UserError(`${named} gives no { method, rows }`);
    const before = new Map<unknown, Row>(copies.map((copy, index) => [copy, rows[index]!]));
    const schema = rowSchemas[methods[data.method].rows];
    const all = made.map((row, index): Row => {
      const was = before.get(row);
      if (was !== undefined && isDeepStrictEqual(row, was)) return was;
      const where = `${named}: row ${index + 1}`;
      checked<z.ZodType>(schema, row, (problem) => new UserError(`${where}: ${problem}`));
      try {
        checkReplies(row);
      } catch (error) {
        throw new UserError(`${where}: ${(error as Error).message}`);
      }
      return row;
    });
    // A stage that does nothing in a round gives back what it was handed, and is not counted.
    const isSame = all.length === rows.length && all.every((row, index) => row === rows[index]);
    return given === handed && isSame ? data : dataFor(data.method, all);
  };

/** A `remark` that gives a mark. */
export const ownRemark =
  (remark: Remark, named: string): Remark =>
  async (...args) => {
    const given: unknown = await remark(...args);
    if (typeof given !== "number" || !Number.isFinite(given))
      throw new UserError(`${named} gives ${String(given)}, which is no mark`);
    return given;
  };
