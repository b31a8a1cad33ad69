import { complaints } from "../../complaints.js";
import { InputError, mistaken } from "../../errors.js";
import { type Mistake, placed } from "../../mistakes.js";
import { repeatedKey } from "../../yaml/index.js";
import { type Cleaning, openCleaning } from "./cleaning.js";
import { type Mapping, mapColumns, opened, valueAt } from "./columns.js";
import { conversationOf, OffScale, Unusable } from "./conversation.js";
import { cutBy } from "./finish.js";
import { markOf } from "./marks.js";
import { overlapOf, requireNoOverlap } from "./overlap.js";
import { lacksZone, timeOf } from "./times.js";
import type { LeftOut, LogReading, LogRecord, LogSettings, Logs, MarkedReply } from "./types.js";
import { isNone } from "./values.js";
import { worded } from "./worded.js";

/** Places of rows that are told for each reason. */
const FIRST = 5;

/** The rows of one export file. */
export type LogFile = { name: string; records: readonly LogRecord[] };

/**
 * Real feedback from exports: the marked replies in the order of their time, and what came of reading them. Throws a UserError
 * where columns cannot be found or no reply is marked.
 */
export function readLogs(files: readonly LogFile[], settings: LogSettings): Logs {
  const book = openBook(settings);
  const wrong = complaints();
  let columns: Mapping = {};
  const read = files.flatMap(({ name, records }) => {
    if (records.length === 0) return [];
    const mapping = mapColumns(records, settings, name);
    columns = { ...mapping, ...columns };
    const replies = records.flatMap((record) => {
      const reply = wrong.attempt(() => book.read(record, mapping)) ?? null;
      return reply === null ? [] : [reply];
    });
    return [{ name, mapping, replies }];
  });
  wrong.end(files.map(({ name }) => name).join(", "));
  const overlap = overlapOf(read);
  requireNoOverlap(overlap, settings);
  const drops = settings.overlap === "drop";
  if (drops)
    for (const { reply, first } of overlap.again)
      book.leaveOut("stands there once more", `${placed(reply.place)} as ${placed(first)}`);
  const replies = drops ? overlap.once : read.flatMap((file) => file.replies);
  const rows = files.reduce((sum, { records }) => sum + records.length, 0);
  const reading = book.close(
    files.map(({ name }) => name),
    rows,
    columns,
  );
  if (replies.length === 0) throw new InputError(nothingLeft(reading));
  return { replies: inTime(replies), reading };
}

/** Rows are read one by one; what came of all of them stands in the end. */
function openBook(settings: LogSettings) {
  const cleaning = openCleaning(settings.strip);
  const left = new Map<string, LeftOut>();
  const assumed = { nameless: 0, zoneless: 0 };
  const leaveOut = (why: string, where: string): null => {
    const one = left.get(why) ?? { why, rows: 0, first: [] };
    one.rows += 1;
    if (one.first.length < FIRST) one.first.push(where);
    left.set(why, one);
    return null;
  };
  return {
    leaveOut,
    /** Null for a row that is left out. */
    read: (record: LogRecord, mapping: Mapping): MarkedReply | null => {
      try {
        const reply = markedReply(record, mapping, settings, cleaning);
        const told = (path: string | undefined) =>
          path === undefined ? undefined : valueAt(record.value, path);
        if (mapping.user !== undefined && isNone(told(mapping.user) ?? null)) assumed.nameless += 1;
        if (lacksZone(told(mapping.time))) assumed.zoneless += 1;
        return reply;
      } catch (error) {
        if (error instanceof OffScale)
          throw mistaken({ ...record.place, what: error.message, found: error.found });
        if (!(error instanceof Unusable)) throw error;
        return leaveOut(error.message, placed(record.place));
      }
    },
    close: (files: readonly string[], rows: number, columns: Mapping): LogReading => ({
      files,
      rows,
      columns,
      assumed,
      left_out: [...left.values()].sort((a, b) => b.rows - a.rows),
      ...cleaning.report(),
    }),
  };
}

/** Throws an Unusable where a row has none. */
function markedReply(
  record: LogRecord,
  mapping: Mapping,
  settings: LogSettings,
  cleaning: Cleaning,
): MarkedReply {
  checkCells(record);
  const { system, dates } = settings;
  const { clean, count } = cleaning.row();
  const edited = wordsOf(record, mapping.edited);
  const mark = markOf(record, mapping, settings) ?? (edited === undefined ? null : 0);
  if (mark === null) throw new Unusable("without a mark");
  const cut = cutBy(record, mapping);
  // Its mark is of a beginning: trained on, it would teach the model to end in the middle of a sentence.
  if (cut !== null && edited === undefined) throw new Unusable(`a reply that was cut off (${cut})`);
  const messages = conversationOf(record, mapping, system).map((message) => ({
    ...message,
    content: clean(message.content),
  }));
  const reason = wordsOf(record, mapping.reason);
  const told = (path: string | undefined): unknown =>
    path === undefined ? undefined : valueAt(record.value, path);
  const more = {
    ...(reason === undefined ? {} : { reason: clean(reason) }),
    ...(edited === undefined ? {} : { edited: clean(edited) }),
    ...(cut === null ? {} : { cut: true as const }),
  };
  // Names that look alike are one person's: letters that are composed in two ways, a blank at the end.
  const user = worded(told(mapping.user) ?? placed(record.place))
    .normalize("NFC")
    .trim();
  // Names give way to numbers whatever they look like; here they are only counted.
  if (mapping.user !== undefined) clean(user);
  const topic = clean(worded(told(mapping.topic) ?? ""));
  const time = told(mapping.time);
  count();
  return {
    place: record.place,
    user: cleaning.called(user),
    time: time === undefined ? null : timeOf(time, dates),
    topic,
    messages,
    mark,
    ...more,
  };
}

/** Throws an Unusable where a cell holds JSON with a field that stands twice: programs differ in which of the two counts. */
function checkCells({ value }: LogRecord): void {
  for (const cell of Object.values(value)) {
    if (typeof cell !== "string" || opened(cell) === cell) continue;
    const twice = repeatedKey(cell);
    if (twice !== null)
      throw new Unusable(`JSON in which ${JSON.stringify(twice.key.slice(0, 80))} stands twice`);
  }
}

/** What a column says in words; undefined where it says nothing. */
function wordsOf({ value }: LogRecord, path: string | undefined): string | undefined {
  const said = path === undefined ? undefined : valueAt(value, path);
  const words = Array.isArray(said) ? said.map(String).join("; ") : said;
  if (words === undefined || words === null || typeof words === "object") return undefined;
  return worded(words).trim() === "" ? undefined : worded(words);
}

/** Oldest first, or in the file's order where nothing has a time. Throws a UserError where some have one: the order would be neither. */
function inTime(replies: readonly MarkedReply[]): MarkedReply[] {
  const without = replies.find(({ time }) => time === null);
  if (without === undefined) return [...replies].sort((a, b) => a.time! - b.time!);
  if (replies.every(({ time }) => time === null)) return [...replies];
  throw mistaken({
    ...without.place,
    what: "has no time, and others have one, so nobody can tell the order of the rounds; fill it in, take the row out, or leave the column out",
  });
}

function nothingLeft({ files, rows, left_out }: LogReading): Mistake[] {
  const reasons = left_out.map(
    ({ why, rows, first }) => `${first[0]}: ${why} (${rows} ${rows === 1 ? "row" : "rows"})`,
  );
  return [`${files.join(", ")}: none of ${rows} rows is a reply with a mark`, ...reasons].map((what) => ({
    what,
  }));
}
