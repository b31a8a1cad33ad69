import type { Message } from "../../models/types.js";
import type { Mapping } from "./columns.js";
import { opened, valueAt } from "./columns.js";
import type { LogRecord } from "./types.js";
import { worded } from "./worded.js";

/** Why a row holds no conversation that can be learnt from. */
export class Unusable extends Error {}

/**
 * Marks that are not on the scenario's scale: leaving them out would keep the low ones of a longer scale and lose the high ones. What was
 * found stands by itself, so that rows with the same mistake are told together.
 */
export class OffScale extends Error {
  constructor(
    message: string,
    readonly found: string,
  ) {
    super(message);
  }
}

const ROLES: ReadonlyMap<string, Message["role"]> = new Map([
  ["system", "system"],
  ["developer", "system"],
  ["user", "user"],
  ["human", "user"],
  ["assistant", "assistant"],
  ["ai", "assistant"],
  ["gpt", "assistant"],
  ["model", "assistant"],
]);

/**
 * The conversation of a row, ending in the reply that was marked. Throws an Unusable where a part is missing, or is nothing that
 * can be learnt from (a picture, a tool's call).
 */
export function conversationOf(
  { value }: LogRecord,
  mapping: Mapping,
  system: string | undefined,
): Message[] {
  const told = (column: keyof Mapping): unknown =>
    mapping[column] === undefined ? undefined : opened(valueAt(value, mapping[column]));
  const whole = told("messages");
  const messages =
    whole === undefined
      ? [...messagesOf(told("prompt"), "user", "prompt"), ...replyOf(told("reply"))]
      : messagesOf(whole, "user", "messages");
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  if (last < 0) throw new Unusable("no reply of the assistant");
  const talk = messages.slice(0, last + 1);
  if (!talk.some(({ role }) => role === "user")) throw new Unusable("no message of a user");
  if (talk.at(-1)!.content.trim() === "") throw new Unusable("an empty reply");
  const first = told("system") ?? system;
  return talk[0]!.role !== "system" && typeof first === "string" && first !== ""
    ? [{ role: "system", content: first }, ...talk]
    : talk;
}

/** A text, a message, a list of them, or an object that holds one under `messages`. */
function messagesOf(said: unknown, role: Message["role"], column: string): Message[] {
  if (said === undefined) throw new Unusable(`no ${column}`);
  if (typeof said === "string") {
    if (said.trim() === "") throw new Unusable(`an empty ${column}`);
    return [{ role, content: said }];
  }
  if (Array.isArray(said)) return said.flatMap((one) => messagesOf(one, role, column));
  const one = said as { role?: unknown; from?: unknown; messages?: unknown };
  if (one.messages !== undefined) return messagesOf(opened(one.messages), role, column);
  const speaker = one.role ?? one.from ?? role;
  const known = ROLES.get(worded(speaker));
  if (!known) throw new Unusable(`a message of ${worded(speaker)}`);
  return [{ role: known, content: textOf(one) }];
}

/** The reply as a text, a message, or the choices of an answer, of which the first counts. */
function replyOf(said: unknown): Message[] {
  if (said === undefined) throw new Unusable("no reply");
  if (typeof said === "string") return [{ role: "assistant", content: said }];
  const one = (Array.isArray(said) ? said[0] : said) as Record<string, unknown> | null | undefined;
  if (typeof one === "string") return [{ role: "assistant", content: one }];
  if (one?.choices !== undefined) return replyOf(one.choices);
  const message = (one?.message ?? one) as Record<string, unknown> | null | undefined;
  if (!message) throw new Unusable("no reply");
  return [{ role: "assistant", content: textOf(message) }];
}

/** What a message says: `content` or `value`, a text or parts of which all are text. */
function textOf(message: object): string {
  const { content, value, text, tool_calls, function_call } = message as Record<string, unknown>;
  if ((Array.isArray(tool_calls) && tool_calls.length > 0) || function_call)
    throw new Unusable("a tool's call");
  const said = content ?? value ?? text;
  if (typeof said === "string") return said;
  if (!Array.isArray(said)) throw new Unusable("a message without text");
  return said
    .map((part: unknown) => {
      if (typeof part === "string") return part;
      const { text: words } = (part ?? {}) as { text?: unknown };
      if (typeof words !== "string") throw new Unusable("a message that is not text alone");
      return words;
    })
    .join("");
}
