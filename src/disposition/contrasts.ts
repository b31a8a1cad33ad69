import { z } from "zod";
import { complaints } from "../complaints.js";
import { UserError } from "../errors.js";
import type { Message } from "../models/types.js";
import { readTextFile } from "../text-file.js";
import { checkedRow, fromLines, parseJsonText, type TextPlace } from "../yaml/index.js";

/** A chat before the assistant's turn, and that turn where it is given. */
export type Spoken = { messages: Message[]; reply?: string };

/** One and the same occasion, met by an obliging and by a candid assistant. */
export type Contrast = { obliging: Spoken; candid: Spoken };

const messages = z
  .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
  .min(1)
  .refine((list) => list.some(({ role }) => role === "user"), "expected a user's turn");
const EXPECTED = 'expected {"obliging": [messages], "candid": [messages]}';
const rowSchema = z.looseObject({ obliging: messages, candid: messages });

/**
 * Reads JSON lines `{"obliging": [messages], "candid": [messages]}`; an assistant's turn at the end is what that assistant says. Throws
 * a UserError with the line of every row that is none, and for a file in which only some have one.
 */
export function readContrasts(path: string, name: string = path): Contrast[] {
  const wrong = complaints();
  const rows = fromLines(readTextFile(path, { name }), name, wrong, readRow);
  wrong.end(name);
  if (rows.length < 2) throw new UserError(`${name}: ${rows.length} contrasts; a direction needs 2 or more`);
  const withReplies = rows.filter(hasReplies).length;
  if (withReplies > 0 && withReplies < rows.length)
    throw new UserError(
      `${name}: ${withReplies} of ${rows.length} contrasts end with an assistant's turn on both sides; give all of them one, or none`,
    );
  return rows;
}

/** Whether what both assistants say is given. */
export function hasReplies({ obliging, candid }: Contrast): boolean {
  return obliging.reply !== undefined && candid.reply !== undefined;
}

function readRow(line: string, place: TextPlace): Contrast {
  const row = checkedRow(rowSchema, parseJsonText(line, place), place, EXPECTED);
  return { obliging: spoken(row.obliging), candid: spoken(row.candid) };
}

function spoken(list: Message[]): Spoken {
  const last = list.at(-1)!;
  return last.role === "assistant"
    ? { messages: list.slice(0, -1), reply: last.content }
    : { messages: list };
}
