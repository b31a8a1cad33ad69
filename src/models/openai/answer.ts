import { z } from "zod";
import { BadAnswer, BrokenOff } from "../limits/index.js";
import { wordsOf, wordsOfText } from "./words.js";

/** A server's answer as it came. */
export type RawAnswer = { status: number; headers: [string, string][]; text: string };

/** What it comes to: the JSON of a reply, or a refusal in OpenAI's form with the status that it means. */
export type Answer = { status: number; json: unknown };

type Refusal = { message: string; code: string | null; type: string | null };

const contentSchema = z.union([
  z.string(),
  z.null(),
  z.undefined(),
  z.array(z.looseObject({ type: z.string().optional() })),
]);
const replySchema = z.looseObject({
  choices: z.array(z.looseObject({ message: z.looseObject({ content: contentSchema }) })),
});

/**
 * Reads an answer to a chat call, whoever wrote the server. Refusals keep the server's own words, whatever form they have, and
 * those that come with the status of success are refusals all the same. Throws BrokenOff where the answer is not there as a whole
 * or something stood in for the server: the same call may succeed later; BadAnswer where it is no chat completion.
 */
export function readAnswer({ status, text }: Pick<RawAnswer, "status" | "text">): Answer {
  const json = parsed(text);
  if (status < 200 || status >= 300)
    return refusal(status, json === undefined ? wordsOfText(text) : wordsOf(json), json);
  if (json === undefined) throw new BrokenOff(notJson(text));
  const error = errorIn(json);
  if (error !== null) return refusal(statusMeant(error), wordsOf(error), { error });
  const reply = replySchema.safeParse(json);
  if (!reply.success) {
    const said = wordsOf(json);
    throw new BadAnswer(`the server's answer holds no chat completion${said === "" ? "" : `: ${said}`}`);
  }
  if (reply.data.choices.length === 0) throw new BadAnswer("the server's answer holds no choice");
  // One was asked for, and the first that is there is taken for it: of several, which need not stand in their order, the one of index 0.
  const choices = [...reply.data.choices].sort((one, other) => placeOf(one) - placeOf(other));
  const [first] = choices;
  const broken = brokenChoice(first!);
  if (broken !== null) throw new BrokenOff(`the server broke its reply off with an error${broken}`);
  return { status, json: choices.length === 1 ? json : { ...reply.data, choices: [first] } };
}

/** The place of a choice among those of its answer; of one that does not say, the first. */
const placeOf = ({ index }: Record<string, unknown>): number => (typeof index === "number" ? index : 0);

/** The JSON in a text; undefined where it is none. A mark of byte order before it is no harm. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text) as unknown;
  } catch {
    return undefined;
  }
}

function notJson(text: string): string {
  if (text.trim() === "") return "the server's answer is empty";
  if (/^\s*[[{]/.test(text)) return `the server's answer breaks off after ${text.length} characters`;
  return `the server's answer is no JSON: ${wordsOfText(text)}`;
}

/** The error in an answer that says nothing else, null for none; servers and routers send it with the status of success. */
export function errorIn(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return null;
  const { error, object, detail, success, choices } = json as Record<string, unknown>;
  if (error !== undefined && error !== null && error !== false) return error;
  if (choices !== undefined) return null;
  if (object === "error" || success === false) return json;
  return detail === undefined || detail === null ? null : json;
}

/** What a router adds to the text that it has when the model behind it fails; null where nothing is wrong. */
function brokenChoice({ error, finish_reason }: Record<string, unknown>): string | null {
  if (error !== undefined && error !== null) return `: ${wordsOf(error)}`;
  return finish_reason === "error" ? "" : null;
}

/** Words for what a status means, where an error has no number. */
const WORDS: readonly (readonly [RegExp, number])[] = [
  [/insufficient_quota|rate.?limit|too.?many.?requests/i, 429],
  [/overloaded|unavailable|loading|capacity/i, 503],
  [/authentication|invalid_api_key|unauthorized/i, 401],
  [/not_?found/i, 404],
  [/permission|forbidden/i, 403],
  [/invalid_request|bad_?request|validation|context_length/i, 400],
];

/** The status that an error without one means: the number in it, or what its code says, or else a fault of the server. */
function statusMeant(error: unknown): number {
  const { code, status, status_code, type, error_type, message } = (
    typeof error === "object" && error !== null ? error : { message: error }
  ) as Record<string, unknown>;
  for (const field of [code, status, status_code]) {
    const number = typeof field === "string" || typeof field === "number" ? Number(field) : Number.NaN;
    if (Number.isInteger(number) && number >= 400 && number < 600) return number;
  }
  for (const field of [code, status, type, error_type, message]) {
    const found = WORDS.find(([pattern]) => typeof field === "string" && pattern.test(field));
    if (found) return found[1];
  }
  return 500;
}

function refusal(status: number, message: string, json: unknown): Answer {
  const { error = json } = (typeof json === "object" && json !== null ? json : {}) as { error?: unknown };
  const { code = null, type = null } = (typeof error === "object" && error !== null ? error : {}) as Partial<
    Record<string, unknown>
  >;
  const said: Refusal = {
    message: message === "" ? "(no words)" : message,
    code: typeof code === "string" ? code : null,
    type: typeof type === "string" ? type : null,
  };
  return { status, json: { error: said } };
}
