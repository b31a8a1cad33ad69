import { complaints } from "../../complaints.js";
import { mistaken } from "../../errors.js";
import { shownPath } from "../../shown-path.js";
import { readTextFile } from "../../text-file.js";
import { fromLines, parseJsonText, type TextPlace } from "../../yaml/index.js";
import { readRow as lessonsOf } from "../data/read-row.js";
import type { Lesson } from "../data/types.js";
import type { ReplayRow } from "./types.js";

/**
 * Reads rows of single replies in any layout that data files have; of a conversation the last reply is replayed. Throws a
 * UserError with the line of every row that is none, and of one with a part that nothing is made of.
 */
export function readReplayFile(path: string): ReplayRow[] {
  const name = shownPath(path);
  const wrong = complaints();
  const rows = fromLines(readTextFile(path, { name }), name, wrong, readRow);
  wrong.end(name);
  if (rows.length === 0) throw mistaken({ file: name, what: "no rows" });
  return rows;
}

function readRow(text: string, place: TextPlace): ReplayRow {
  const value = parseJsonText(text, place);
  try {
    return lastReply(lessonsOf(value));
  } catch (error) {
    throw mistaken({ ...place, what: (error as Error).message });
  }
}

/** Of a conversation the last reply is imitated, after all that was said before it. */
function lastReply(lessons: readonly Lesson[]): ReplayRow {
  const last = lessons.at(-1)!;
  if (!("completion" in last)) throw new Error("chosen and rejected: replay imitates single replies");
  const { label, ...row } = last;
  if (label === false) throw new Error("label: a reply that is marked as bad is not replayed; take it out");
  return row;
}
