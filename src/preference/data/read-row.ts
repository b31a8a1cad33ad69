import { z } from "zod";
import type { Message } from "../../models/message.js";
import type { Lesson } from "./types.js";

const text = z.string();
/** ShareGPT's names for who speaks, and those of chat formats. */
const ROLES: Readonly<Record<string, Message["role"]>> = {
  system: "system",
  user: "user",
  human: "user",
  assistant: "assistant",
  gpt: "assistant",
  model: "assistant",
  chatgpt: "assistant",
  bing: "assistant",
};

const turn = z
  .union([
    z.object({ role: text, content: text }).transform(({ role, content }) => ({ role, content })),
    z.object({ from: text, value: text }).transform(({ from, value }) => ({ role: from, content: value })),
  ])
  .transform(({ role, content }, context): Message => {
    const known = ROLES[role];
    if (known) return { role: known, content };
    context.addIssue({ code: "custom", message: `unknown role ${role}` });
    return z.NEVER;
  });

const turns = z.array(turn).min(1);
const said = z.union([text, turns, turn.transform((one) => [one])]);

const rowSchema = z.looseObject({
  messages: turns.optional(),
  conversations: turns.optional(),
  prompt: said.optional(),
  completion: said.optional(),
  chosen: said.optional(),
  rejected: said.optional(),
  instruction: text.optional(),
  input: text.nullish(),
  output: text.optional(),
  system: text.nullish(),
  label: z.boolean().optional(),
  kto_tag: z.boolean().optional(),
});

type Row = z.output<typeof rowSchema>;

const LAYOUTS =
  "expected TRL (prompt with completion, or with chosen and rejected), chat (messages), ShareGPT (conversations) or Alpaca (instruction, output)";

/**
 * What a row of a known layout teaches. TRL: `prompt` with `completion` (and `label` for KTO), or with `chosen` and `rejected`
 * (which may repeat it, or stand without), as texts or messages. Chat: `messages`. ShareGPT: `conversations` of `from` and
 * `value`. Alpaca: `instruction`, `input`, `output`. A conversation gives one lesson for each reply of the assistant.
 * Throws an Error that says what was expected.
 */
export function readRow(value: unknown): Lesson[] {
  const parsed = rowSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new Error(`${issue.path.join(".") || "row"}: ${issue.message}; ${LAYOUTS}`);
  }
  const row = parsed.data;
  const label = row.label ?? row.kto_tag;
  const labelled = label === undefined ? {} : { label };
  const talk = row.messages ?? row.conversations;
  const prompt = promptOf(row);
  if (row.chosen !== undefined && row.rejected !== undefined)
    return [pair(prompt ?? talk, asMessages(row.chosen, "assistant"), asMessages(row.rejected, "assistant"))];
  const reply = row.completion ?? row.output;
  if (prompt && reply !== undefined)
    return [{ prompt, completion: replyOf(asMessages(reply, "assistant")), ...labelled }];
  if (!talk) throw new Error(LAYOUTS);
  const lessons = repliesOf(row.system ? [{ role: "system", content: row.system }, ...talk] : talk);
  if (lessons.length === 0) throw new Error("the assistant says nothing in it");
  // A verdict on a conversation is one on its end.
  return label === undefined ? lessons : [{ ...lessons.at(-1)!, label }];
}

function promptOf({ prompt, instruction, input, system }: Row): Message[] | undefined {
  if (prompt !== undefined) return asMessages(prompt, "user");
  if (instruction === undefined) return undefined;
  const content = input?.trim() ? `${instruction}\n\n${input}` : instruction;
  return [...(system ? [{ role: "system" as const, content: system }] : []), { role: "user", content }];
}

function asMessages(said: string | Message[], role: Message["role"]): Message[] {
  return typeof said === "string" ? [{ role, content: said }] : said;
}

function replyOf(messages: Message[]): Message[] {
  if (messages.length === 1 && messages[0]!.role === "assistant") return messages;
  throw new Error("the completion must be one message of the assistant");
}

function repliesOf(messages: readonly Message[]): { prompt: Message[]; completion: Message[] }[] {
  return messages.flatMap((message, at) =>
    message.role === "assistant" && at > 0 ? [{ prompt: messages.slice(0, at), completion: [message] }] : [],
  );
}

/** Where both replies come with the conversation before them, what they share is the prompt. */
function pair(prompt: Message[] | undefined, chosen: Message[], rejected: Message[]): Lesson {
  if (chosen.length === 1 && rejected.length === 1) {
    if (!prompt) throw new Error("chosen and rejected need a prompt");
    return { prompt, chosen: replyOf(chosen), rejected: replyOf(rejected) };
  }
  const before = chosen.slice(0, -1);
  if (JSON.stringify(before) !== JSON.stringify(rejected.slice(0, -1)))
    throw new Error("chosen and rejected must differ in their last message alone");
  return { prompt: before, chosen: replyOf(chosen.slice(-1)), rejected: replyOf(rejected.slice(-1)) };
}
