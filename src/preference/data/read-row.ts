import { z } from "zod";
import type { Message } from "../../models/types.js";
import { checked, slip } from "../../yaml/index.js";
import { partsSchema, withParts } from "./parts.js";
import { history, messagesOf, said, saysSomething, type Turn, text, turns } from "./turns.js";
import type { Lesson } from "./types.js";

const rowSchema = z.looseObject({
  messages: turns.nullish(),
  conversations: turns.nullish(),
  prompt: said.nullish(),
  completion: said.nullish(),
  chosen: said.nullish(),
  rejected: said.nullish(),
  instruction: text.nullish(),
  input: text.nullish(),
  output: text.nullish(),
  history: history.nullish(),
  system: text.nullish(),
  parts: partsSchema.nullish(),
  label: z.boolean().nullish(),
  kto_tag: z.boolean().nullish(),
});

const FIELDS = Object.keys(rowSchema.shape);

type FileRow = z.output<typeof rowSchema>;

const LAYOUTS =
  "expected TRL (prompt with completion, or with chosen and rejected), chat (messages), ShareGPT (conversations) or Alpaca (instruction, output)";

/** What would change what a row teaches, and cannot be learnt from here. */
const UNUSED = [
  "tools",
  "functions",
  "function_call",
  "images",
  "videos",
  "audios",
  "image",
  "video",
  "audio",
  "weight",
];

/**
 * What a row of a known layout teaches. TRL: `prompt` with `completion` (and `label` for KTO), or with `chosen` and `rejected`
 * (which may repeat it, or stand without), as texts or messages. Chat: `messages`. ShareGPT: `conversations` of `from` and
 * `value`. Alpaca: `instruction`, `input`, `output`, `history`. A `system` beside any of them comes first. A conversation gives one
 * lesson for each reply of the assistant, those of `weight: 0` left out. Throws an Error that says what was expected, also on a row
 * that says a thing twice or has a part that nothing is made of.
 */
export function readRow(value: unknown): Lesson[] {
  const row = rowOf(value);
  const { parts } = row;
  const lessons = lessonsOf(row);
  for (const lesson of lessons) checkReplies(lesson);
  return parts == null ? lessons : lessons.map((lesson) => withParts(lesson, parts));
}

/** Throws on replies that teach nothing, or to say nothing: in the numbers of a round they look like all others. */
export function checkReplies(lesson: Lesson): void {
  const isPair = "chosen" in lesson;
  const imitated = isPair ? lesson.chosen : lesson.label === false ? [] : lesson.completion;
  if (imitated.some(({ content }) => content.trim() === ""))
    throw new Error("the reply to imitate is empty; take the row out");
  if (isPair && lesson.chosen.at(-1)!.content === lesson.rejected.at(-1)!.content)
    throw new Error("chosen and rejected are the same; take the row out, as nothing can be learnt from it");
}

function rowOf(value: unknown): FileRow {
  const row = checked(
    rowSchema,
    value,
    (problem, field) => new Error(`${field === "" ? "row: " : ""}${problem}; ${LAYOUTS}`),
  );
  const slipped = slip(row, FIELDS);
  if (slipped !== null) throw new Error(`${slipped.name}: ${slipped.what}`);
  const unused = UNUSED.find((name) => saysSomething(row[name]));
  if (unused) throw new Error(`${unused}: cannot be learnt from here; take it out`);
  return row;
}

function lessonsOf(row: FileRow): Lesson[] {
  const label = one(row, "label", "kto_tag");
  const labelled = label === undefined ? {} : { label };
  const talk = one(row, "messages", "conversations");
  const reply = one(row, "completion", "output");
  const prompt = promptOf(row);

  if (row.chosen != null || row.rejected != null) {
    if (row.chosen == null || row.rejected == null) throw new Error("chosen and rejected belong together");
    if (reply !== undefined || label !== undefined)
      throw new Error("a row has chosen and rejected or a single reply, not both");
    const [chosen, rejected] = [asTurns(row.chosen, "assistant"), asTurns(row.rejected, "assistant")];
    if (prompt && talk && ![prompt, chosen].some((known) => isSame(known, talk)))
      throw new Error("messages beside prompt, chosen and rejected tell another conversation");
    return [
      pair(
        prompt ?? (talk && !isSame(talk, chosen) ? withSystem(row, talk) : undefined),
        chosen,
        rejected,
        row,
      ),
    ];
  }
  if (prompt && reply !== undefined) {
    if (talk) throw new Error("a row has a prompt with its completion or a conversation, not both");
    return [{ prompt: messagesOf(prompt), completion: replyOf(asTurns(reply, "assistant")), ...labelled }];
  }
  if (!talk || reply !== undefined) throw new Error(LAYOUTS);
  if (row.history?.length) throw new Error("history belongs to instruction or prompt, not to a conversation");
  if (prompt && !startsWith(withSystem(row, talk), prompt))
    throw new Error("the conversation does not begin with the prompt");
  const lessons = repliesOf(withSystem(row, talk));
  if (lessons.length === 0) throw new Error("the assistant says nothing in it that is to be learnt");
  // A verdict on a conversation is one on its end.
  if (label === undefined) return lessons;
  const last = lessons.at(-1)!;
  if (talk.findLast(({ role }) => role === "assistant")?.learnt === false)
    throw new Error("the label is for a reply of weight 0");
  return [{ ...last, label }];
}

/** The one of two names for a thing that a row uses. Throws where both are there and differ. */
function one<A extends keyof FileRow, B extends keyof FileRow>(
  row: FileRow,
  a: A,
  b: B,
): NonNullable<FileRow[A] | FileRow[B]> | undefined {
  const first = row[a] ?? undefined;
  const second = row[b] ?? undefined;
  if (first !== undefined && second !== undefined && JSON.stringify(first) !== JSON.stringify(second))
    throw new Error(`${String(a)} and ${String(b)} say different things`);
  return first ?? second;
}

function promptOf(row: FileRow): Turn[] | undefined {
  const { prompt, instruction, input } = row;
  if (prompt != null && instruction != null) throw new Error("a row has prompt or instruction, not both");
  if (prompt == null && instruction == null) return undefined;
  if (prompt != null && input?.trim()) throw new Error("input belongs to instruction, not to prompt");
  const asked =
    prompt != null
      ? asTurns(prompt, "user")
      : asTurns(input?.trim() ? `${instruction}\n\n${input}` : instruction!, "user");
  return withSystem(row, [...(row.history ?? []), ...asked]);
}

/** The conversation with the row's system message before it. Throws where it has another one. */
function withSystem({ system }: FileRow, talk: readonly Turn[]): Turn[] {
  if (!system) return [...talk];
  const first = talk[0];
  if (first?.role !== "system") return [{ role: "system", content: system, learnt: true }, ...talk];
  if (first.content !== system) throw new Error("system and the first message say different things");
  return [...talk];
}

function asTurns(said: string | Turn[], role: Message["role"]): Turn[] {
  return typeof said === "string" ? [{ role, content: said, learnt: true }] : said;
}

function replyOf(turns: readonly Turn[]): Message[] {
  const [reply] = turns;
  if (turns.length !== 1 || reply!.role !== "assistant")
    throw new Error("the completion must be one message of the assistant");
  if (!reply!.learnt) throw new Error("the completion has weight 0: nothing is to be learnt from the row");
  return messagesOf(turns);
}

function repliesOf(turns: readonly Turn[]): { prompt: Message[]; completion: Message[] }[] {
  const messages = messagesOf(turns);
  return turns.flatMap(({ role, learnt }, at) =>
    role === "assistant" && learnt && at > 0
      ? [{ prompt: messages.slice(0, at), completion: [messages[at]!] }]
      : [],
  );
}

const isSame = (a: readonly Turn[], b: readonly Turn[]): boolean =>
  JSON.stringify(messagesOf(a)) === JSON.stringify(messagesOf(b));
const startsWith = (whole: readonly Turn[], start: readonly Turn[]): boolean =>
  isSame(whole.slice(0, start.length), start);

/** Where both replies come with the conversation before them, what they share is the prompt. */
function pair(prompt: Turn[] | undefined, chosen: Turn[], rejected: Turn[], row: FileRow): Lesson {
  const replies = { chosen: replyOf(chosen.slice(-1)), rejected: replyOf(rejected.slice(-1)) };
  if (chosen.length === 1 && rejected.length === 1) {
    if (!prompt) throw new Error("chosen and rejected need a prompt");
    return { prompt: messagesOf(prompt), ...replies };
  }
  const before = chosen.slice(0, -1);
  if (!isSame(before, rejected.slice(0, -1)))
    throw new Error("chosen and rejected must differ in their last message alone");
  return { prompt: messagesOf(prompt ? joined(prompt, before) : withSystem(row, before)), ...replies };
}

/** The conversation before both replies, where the prompt is its beginning or has the system message that it lacks. */
function joined(prompt: readonly Turn[], before: readonly Turn[]): Turn[] {
  if (startsWith(before, prompt)) return [...before];
  const rest = prompt.findIndex(({ role }) => role !== "system");
  const [systems, asked] = rest < 0 ? [prompt, []] : [prompt.slice(0, rest), prompt.slice(rest)];
  if (before[0]?.role !== "system" && startsWith(before, asked)) return [...systems, ...before];
  throw new Error("chosen and rejected do not begin with the prompt");
}
