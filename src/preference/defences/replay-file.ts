import { z } from "zod";
import { complaints } from "../../complaints.js";
import { UserError } from "../../errors.js";
import type { Message } from "../../models/types.js";
import { shownPath } from "../../scenario/index.js";
import { readTextFile } from "../../text-file.js";
import { parseJsonText } from "../../yaml/index.js";
import { partsSchema, withParts } from "../data/parts.js";
import type { ReplayRow } from "./types.js";

const messages = z
  .array(z.object({ role: z.enum(["system", "user", "assistant"]), content: z.string() }))
  .min(1);
const parts = partsSchema.optional();
const rowSchema = z.union([
  z.object({ prompt: messages, completion: messages, parts }),
  z.object({ messages, parts }),
]);

/**
 * Reads rows in TRL's conversational layouts: `prompt` and `completion`, or `messages` whose last one is the assistant's.
 * Throws a UserError with the line of every row that is neither.
 */
export function readReplayFile(path: string): ReplayRow[] {
  const lines = readTextFile(path, { name: shownPath(path) }).split("\n");
  const wrong = complaints();
  const rows = lines.flatMap((line, index) => {
    if (line.trim() === "") return [];
    return wrong.attempt(() => [readRow(line, shownPath(path), index + 1)]) ?? [];
  });
  wrong.end(shownPath(path));
  if (rows.length === 0) throw new UserError(`${shownPath(path)}: no rows`);
  return rows;
}

function readRow(text: string, path: string, line: number): ReplayRow {
  const { data } = rowSchema.safeParse(parseJsonText(text, { path, line }));
  const row = data && splitRow(data);
  if (row?.completion.length !== 1 || row.completion[0]!.role !== "assistant") {
    throw new UserError(
      `${path}:${line}: expected {"prompt": [messages], "completion": [one assistant message]} or {"messages": […, an assistant message]}`,
    );
  }
  if (data?.parts === undefined) return row;
  try {
    return withParts(row, data.parts);
  } catch (error) {
    throw new UserError(`${path}:${line}: ${(error as Error).message}`);
  }
}

function splitRow(row: z.output<typeof rowSchema>): ReplayRow {
  if ("completion" in row)
    return { prompt: row.prompt as Message[], completion: row.completion as Message[] };
  return { prompt: row.messages.slice(0, -1) as Message[], completion: row.messages.slice(-1) as Message[] };
}
