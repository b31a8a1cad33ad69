import { mistaken, UserError } from "../../errors.js";
import { didYouMean } from "../../yaml/index.js";
import type { LogColumn, LogRecord, LogSettings } from "./types.js";

/**
 * Names that exports give their columns, the likeliest first: plain tables, Langfuse's traces and observations, and requests
 * and answers as OpenAI's interface logs them. A dot stands for a field inside another; of a list of scores, the name of one.
 */
const USUAL: Readonly<Record<LogColumn, readonly string[]>> = {
  messages: ["messages", "conversation", "conversations", "chat", "transcript"],
  prompt: [
    "prompt",
    "request.messages",
    "request.body.messages",
    "body.messages",
    "request.input",
    "input",
    "question",
    "query",
    "user_message",
    "instruction",
  ],
  reply: [
    "reply",
    "response.choices",
    "response.body.choices",
    "choices",
    "response.output",
    "output",
    "response",
    "answer",
    "completion",
    "assistant_message",
    "generation",
  ],
  system: ["system", "system_prompt", "instructions"],
  thumbs: [
    "thumbs",
    "thumb",
    "feedback",
    "user_feedback",
    "user-feedback",
    "liked",
    "like",
    "upvote",
    "thumbs_up",
    "scores.user-feedback",
    "scores.user_feedback",
    "scores.feedback",
    "scores.thumbs",
  ],
  stars: ["stars", "rating", "score", "grade", "scores.rating", "scores.stars", "scores.score"],
  user: ["user", "user_id", "userId", "userid", "request.user", "rater", "annotator", "customer_id"],
  time: [
    "time",
    "timestamp",
    "created_at",
    "createdAt",
    "startTime",
    "created",
    "date",
    "when",
    "ts",
    "response.created",
    "response.body.created",
  ],
  // The reply's own choice says it too (`finish.ts`); the last three are of OpenAI's responses that are incomplete.
  finish: [
    "finish_reason",
    "finishReason",
    "stop_reason",
    "stopReason",
    "response.finish_reason",
    "response.stop_reason",
    "incomplete_details.reason",
    "response.incomplete_details.reason",
    "response.body.incomplete_details.reason",
  ],
  topic: ["topic", "category", "intent"],
  reason: ["reason", "feedback_reason", "feedback_comment", "feedback_text"],
  edited: ["edited", "edited_reply", "edited_response", "corrected_response", "correction"],
};

/** Where an export keeps what was said of a request beside it. */
const BESIDE = ["metadata", "request.metadata", "response.metadata"];

/** Names that stand for other things as well in what a program notes of a request. */
const VAGUE: ReadonlySet<string> = new Set(["score", "grade", "date", "when", "ts"]);

/** The usual names of a column, by themselves and then among what was said of the request. */
const namesOf = (column: LogColumn): readonly string[] => {
  const names = USUAL[column];
  if (!ANYWHERE.has(column)) return names;
  const plain = names.filter((name) => !name.includes(".") && !VAGUE.has(name));
  return [...names, ...BESIDE.flatMap((place) => plain.map((name) => `${place}.${name}`))];
};

/** What people say of a reply, which stands beside it or in its request's metadata; the talk itself never does. */
const ANYWHERE: ReadonlySet<LogColumn> = new Set([
  "thumbs",
  "stars",
  "user",
  "time",
  "reason",
  "edited",
  "finish",
]);

/** Which column of the records is what: as the scenario says, and else by its usual names. */
export type Mapping = Partial<Record<LogColumn, string>>;

/**
 * How much a row looks like feedback, from 0 to 1, by names that are found by themselves: a conversation and a mark, or at least a
 * conversation with its user or time, which no probe has.
 */
export function seemsLogged(row: unknown): number {
  const has = (column: LogColumn): boolean =>
    namesOf(column).some((name) => valueAt(row, name) !== undefined);
  if (!has("messages") && !(has("prompt") && has("reply"))) return 0;
  if (has("thumbs") || has("stars")) return 1;
  return has("user") || has("time") ? 0.85 : 0;
}

/** Records that are looked at to find the columns: a field that only rated rows have stands in few of them. */
const LOOKED_AT = 5_000;

/**
 * Finds the columns. Throws a UserError where one that the scenario names is in no record, and where there is no conversation,
 * no mark or no user's own words to be found.
 */
export function mapColumns(records: readonly LogRecord[], settings: LogSettings, file: string): Mapping {
  const looked = records.slice(0, LOOKED_AT);
  const stands = (path: string): boolean => looked.some(({ value }) => valueAt(value, path) !== undefined);
  const names = [...new Set(looked.flatMap(({ value }) => fieldsOf(value)))];
  const mapping: Mapping = {};
  for (const column of Object.keys(USUAL) as LogColumn[]) {
    const wanted = settings.columns?.[column];
    if (wanted !== undefined && !records.some(({ value }) => valueAt(value, wanted) !== undefined))
      throw mistaken({
        file,
        field: `source.columns.${column}`,
        what: `no row has a column ${wanted}${didYouMean(wanted, names)}`,
      });
    const found = wanted ?? namesOf(column).find(stands);
    if (found !== undefined) mapping[column] = found;
  }
  const told = settings.columns ?? {};
  // Both ways of telling a conversation may be there; what the scenario names counts.
  if (mapping.messages && (told.prompt || told.reply) && !told.messages) delete mapping.messages;
  if (mapping.messages && !told.prompt && !told.reply && looked.some(hasBoth(mapping.messages))) {
    delete mapping.prompt;
    delete mapping.reply;
  }
  if (told.stars && !told.thumbs) delete mapping.thumbs;
  if (settings.thumbs && mapping.thumbs === undefined)
    throw mistaken({
      file,
      field: "source.thumbs",
      what: "no column is taken for thumbs, whose words this says; name one at source.columns.thumbs, or leave source.thumbs out",
    });
  requireParts(mapping, names, file);
  return mapping;
}

/** Whether a record's messages hold a reply themselves. */
const hasBoth =
  (path: string) =>
  ({ value }: LogRecord): boolean =>
    /assistant|gpt|model/u.test(JSON.stringify(valueAt(value, path)) ?? "");

/** The columns of a record, and the fields of those that hold some. */
function fieldsOf(value: LogRecord["value"]): string[] {
  return Object.entries(value).flatMap(([name, part]) => {
    const inner = opened(part);
    const isFields = typeof inner === "object" && inner !== null && !Array.isArray(inner);
    return isFields ? [name, ...Object.keys(inner).map((one) => `${name}.${one}`)] : name;
  });
}

/** Of an export with hundreds of fields a list of all helps nobody. */
const MOST_NAMED = 40;

function requireParts(mapping: Mapping, names: readonly string[], file: string): void {
  const named = names.length > MOST_NAMED ? [...names.slice(0, MOST_NAMED), "…"] : names;
  const columns = `its columns are ${named.join(", ")}`;
  const talk =
    mapping.messages !== undefined || (mapping.prompt !== undefined && mapping.reply !== undefined);
  if (!talk)
    throw new UserError(
      `${file}: no column holds the conversation; name source.columns.messages, or prompt and reply; ${columns}`,
    );
  if (mapping.thumbs === undefined && mapping.stars === undefined && mapping.edited === undefined)
    throw new UserError(
      `${file}: no column holds the users' marks; name source.columns.thumbs or source.columns.stars, or edited; ${columns}`,
    );
}

/**
 * What stands at a dotted path of a record. A name with dots of its own counts first; in a list of named things
 * (`[{ name, value }]`, Langfuse's scores) the name finds the value. Undefined for null and for nothing.
 */
export function valueAt(record: unknown, path: string): unknown {
  if (typeof record !== "object" || record === null) return undefined;
  if (Object.hasOwn(record, path)) return (record as Record<string, unknown>)[path] ?? undefined;
  if (Array.isArray(record)) {
    const named = record.filter((one) => (one as { name?: unknown } | null)?.name === path);
    const last = named.at(-1) as { value?: unknown; stringValue?: unknown } | undefined;
    return last?.value ?? last?.stringValue ?? undefined;
  }
  const dot = path.indexOf(".");
  if (dot < 0) return undefined;
  return valueAt(opened((record as Record<string, unknown>)[path.slice(0, dot)]), path.slice(dot + 1));
}

/** A cell that holds JSON, as tables have it. */
export function opened(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/u.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
